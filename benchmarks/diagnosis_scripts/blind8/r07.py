"""Which of eight call types does a beacon send?  Sequence -> class."""
import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import ops, layers

keras.utils.set_random_seed(100)
rng = np.random.default_rng(100)
K, T = 8, 20


def beacons(n):
    k = rng.integers(0, K, n)
    freq = 0.15 + 0.1 * (k % 4)
    phase = rng.uniform(0, 2 * np.pi, n)
    t = np.arange(T)
    tone = np.sin(2 * np.pi * freq[:, None] * t + phase[:, None])
    envelope = np.where((k >= 4)[:, None], t / T, 1 - t / T)
    x = np.stack([tone * envelope, np.cos(2 * np.pi * freq[:, None] * t + phase[:, None]) * envelope], -1)
    return (x + 0.1 * rng.normal(size=x.shape)).astype("float32"), k.astype("int32")


class Listener(keras.Model):
    def __init__(self, units, classes):
        super().__init__()
        self.rnn = layers.LSTM(units)
        self.out = layers.Dense(classes)

    def call(self, x):
        return self.out(self.rnn(x))


x, y = beacons(2000)
xv, yv = beacons(600)
model = Listener(1, K)
model.compile(
    keras.optimizers.Adam(0.01),
    keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["sparse_categorical_accuracy"],
)
h = model.fit(x, y, batch_size=50, epochs=40, validation_data=(xv, yv), verbose=0)
for e in range(0, 40, 8):
    print(e, {k: round(float(v[e]), 3) for k, v in h.history.items()})
print("final validation accuracy", round(h.history["val_sparse_categorical_accuracy"][-1], 4))
