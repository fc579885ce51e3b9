import os
os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np
import torch
import keras
from keras import layers, ops

keras.utils.set_random_seed(3)


class DenoisingModel(keras.Model):
    """Trains on freshly corrupted copies of each batch."""

    def __init__(self, dim):
        super().__init__()
        self.dim = dim
        self.enc = keras.Sequential([layers.Dense(48, activation="relu"), layers.Dense(6)])
        self.dec = keras.Sequential([layers.Dense(48, activation="relu"), layers.Dense(dim)])
        self.tracker = keras.metrics.Mean(name="loss")

    def call(self, x):
        return self.dec(self.enc(x))

    def train_step(self, data):
        x = data[0] if isinstance(data, tuple) else data
        noisy = x + 0.3 * torch.randn_like(x)
        self.zero_grad()
        loss = ops.mean(ops.square(self(noisy, training=True) - x))
        loss.backward()
        weights = self.trainable_weights
        with torch.no_grad():
            self.optimizer.apply([w.value.grad for w in weights], weights)
        self.tracker.update_state(loss)
        return {"loss": self.tracker.result()}

    @property
    def metrics(self):
        return [self.tracker]


mix = np.random.randn(4, 20)


def observations(n):
    return np.tanh(np.random.randn(n, 4) @ mix / 2).astype("float32")


x, xt = observations(2000), observations(500)
model = DenoisingModel(20)
model.compile(optimizer=keras.optimizers.Adam(3e-3))
model.fit(x, batch_size=50, epochs=14, verbose=2)
rebuilt = model.predict(xt, verbose=0)
print("share of variance rebuilt:", 1 - np.mean((rebuilt - xt) ** 2) / np.var(xt))
