"""Quantile forecasts (10 / 50 / 90 %) of heat demand with one LSTM and three heads."""
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(18)
rng = np.random.default_rng(18)

days = np.arange(1100)
outside = -np.cos(2 * np.pi * days / 120) + 0.3 * rng.normal(size=1100)
demand = np.zeros(1100)
for d in range(1, 1100):
    demand[d] = 0.6 * demand[d - 1] - 0.8 * outside[d - 1] + 0.25 * rng.normal()
demand = (demand - demand.mean()) / demand.std()

W = 12
x = np.stack([np.stack([outside[i:i + W], demand[i:i + W]], -1) for i in range(1100 - W)]).astype("float32")
y = demand[W:, None].astype("float32")
x_train, y_train, x_test, y_test = x[:850], y[:850], x[850:], y[850:]


def pinball(q):
    def loss(y_true, y_pred):
        e = y_true - y_pred
        return ops.mean(ops.maximum(q * e, (q - 1) * e), axis=-1)

    loss.__name__ = f"pinball_{int(100 * q)}"
    return loss


quantiles = {"low": 0.1, "mid": 0.5, "high": 0.9}
inp = keras.Input((W, 2))
h = layers.LSTM(24)(inp)
outs = {name: layers.Dense(1, name=name)(h) for name in quantiles}
model = keras.Model(inp, outs)
model.compile(
    optimizer=keras.optimizers.Adam(0.01),
    loss={name: pinball(q) for name, q in quantiles.items()},
    loss_weights={"low": 1.0, "mid": 1.0, "high": 1.0},
)
targets = {name: y_train for name in quantiles}
model.fit(x_train, targets, epochs=10, batch_size=32, verbose=2)

p = model.predict(x_test, verbose=0)
inside = np.mean((y_test >= p["low"]) & (y_test <= p["high"]))
print("share inside the 10-90 % band:", inside)
print("R2 of the median:", 1 - np.mean((p["mid"] - y_test) ** 2) / np.var(y_test))
