"""A GRU forecaster with its own train_step, on the torch backend."""

import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch

keras.utils.set_random_seed(3)


class Forecaster(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.gru = keras.layers.GRU(units)
        self.out = keras.layers.Dense(1)
        self.loss_tracker = keras.metrics.Mean(name="loss")
        self.loss_fn = keras.losses.MeanSquaredError()

    def call(self, x):
        return self.out(self.gru(x))

    def train_step(self, data):
        x, y = data
        y_pred = self(x)
        loss = self.loss_fn(y, y_pred)
        loss.backward()
        trainable_weights = list(self.trainable_weights)
        gradients = [v.value.grad for v in trainable_weights]
        with torch.no_grad():
            self.optimizer.apply(gradients, trainable_weights)
        self.loss_tracker.update_state(loss)
        return {"loss": self.loss_tracker.result()}

    def test_step(self, data):
        x, y = data
        self.loss_tracker.update_state(self.loss_fn(y, self(x, training=False)))
        return {"loss": self.loss_tracker.result()}

    @property
    def metrics(self):
        return [self.loss_tracker]


def series(length):
    t = np.arange(length)
    s = np.sin(0.2 * t) + 0.5 * np.sin(0.31 * t + 1.0)
    return (s + np.random.normal(0, 0.05, length)).astype("float32")


def windows(s, width=20):
    x = np.stack([s[i : i + width] for i in range(len(s) - width)])
    return x[..., None], s[width:, None]


x, y = windows(series(1500))
x_train, y_train, x_val, y_val = x[:1200], y[:1200], x[1200:], y[1200:]

model = Forecaster(24)
model.compile(optimizer=keras.optimizers.Adam(0.003))
model.fit(x_train, y_train, epochs=12, batch_size=32, validation_data=(x_val, y_val), verbose=2)
p = keras.ops.convert_to_numpy(model(x_val))
print("val mse / variance = %.4f" % (np.mean((p - y_val) ** 2) / np.var(y_val)))
