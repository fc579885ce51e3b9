import os
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops

SEED = 31
keras.utils.set_random_seed(SEED)


class QuantileForecaster(keras.Model):
    """GRU with one output per quantile, trained with the pinball loss."""

    def __init__(self, quantiles=(0.1, 0.5, 0.9), units=24, **kw):
        super().__init__(**kw)
        self.quantiles = quantiles
        self.gru = layers.GRU(units)
        self.out = layers.Dense(len(quantiles))

    def call(self, x):
        return self.out(self.gru(x))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        q = ops.reshape(ops.convert_to_tensor(self.quantiles, "float32"), (1, -1))
        e = ops.reshape(y, (-1, 1)) - y_pred
        return ops.mean(ops.maximum(q * e, (q - 1) * e))


def make_series(n, rng):
    s = np.zeros(n)
    for i in range(2, n):
        scale = 0.15 + 0.25 * (np.sin(i / 9) > 0)
        s[i] = 1.2 * s[i - 1] - 0.5 * s[i - 2] + np.sin(i / 9) * 0.3 + scale * rng.normal()
    return (s - s.mean()) / s.std()


rng = np.random.default_rng(SEED)
s = make_series(1800, rng).astype("float32")
L = 20
X = np.lib.stride_tricks.sliding_window_view(s[:-1], L)[..., None]
y = s[L:]
cut = 1400
net = QuantileForecaster()
net.compile(optimizer=keras.optimizers.AdamW(3e-3))
hist = net.fit(X[:cut], y[:cut], batch_size=32, epochs=15, verbose=0,
               validation_data=(X[cut:], y[cut:]))
for k in range(0, 15, 3):
    print(k, hist.history["loss"][k], hist.history["val_loss"][k])
lo, mid, hi = net.predict(X[cut:], verbose=0).T
print("coverage of the 80 % band:", np.mean((y[cut:] > lo) & (y[cut:] < hi)).round(3))
skill = 1 - np.abs(y[cut:] - mid).mean() / np.abs(y[cut:] - X[cut:, -1, 0]).mean()
print("skill of the median against persistence:", round(float(skill), 4))
