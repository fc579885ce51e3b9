import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch


class CustomModel(keras.Model):
    """train_step written by hand, as in the guide for the torch backend."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.mae_metric = keras.metrics.MeanAbsoluteError(name="mae")
        self.loss_fn = keras.losses.MeanSquaredError()

    def train_step(self, data):
        x, y = data
        y_pred = self(x, training=True)
        loss = self.loss_fn(y, y_pred)
        loss.backward()

        trainable_weights = [v for v in self.trainable_weights]
        gradients = [v.value.grad for v in trainable_weights]
        with torch.no_grad():
            self.optimizer.apply(gradients, trainable_weights)

        self.loss_tracker.update_state(loss)
        self.mae_metric.update_state(y, y_pred)
        return {"loss": self.loss_tracker.result(), "mae": self.mae_metric.result()}

    @property
    def metrics(self):
        return [self.loss_tracker, self.mae_metric]


keras.utils.set_random_seed(19)
x = np.random.randn(1500, 8).astype("float32")
w = np.random.randn(8, 1)
y = (x @ w + 0.5 * np.abs(x[:, :1]) + 0.1 * np.random.randn(1500, 1)).astype("float32")
y /= y.std()

inputs = keras.Input(shape=(8,))
hidden = keras.layers.Dense(32, activation="relu")(inputs)
outputs = keras.layers.Dense(1)(hidden)
model = CustomModel(inputs, outputs)
model.compile(optimizer=keras.optimizers.SGD(0.002))
model.fit(x[:1200], y[:1200], epochs=15, batch_size=32, verbose=2)

p = model.predict(x[1200:], verbose=0)
print("test mse", float(((p - y[1200:]) ** 2).mean()))
