import os

os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import keras
from keras import Model
from keras.layers import GRU, Dense, Input

SEED = 3
keras.utils.set_random_seed(SEED)


def make_load(hours=2400):
    """Hourly load of a small town in kW."""
    rng = np.random.default_rng(SEED)
    t = np.arange(hours)
    day = np.sin(2 * np.pi * t / 24)
    week = np.where((t // 24) % 7 >= 5, -1.0, 0.0)
    temp = 12 + 8 * np.sin(2 * np.pi * t / (24 * 50)) + rng.normal(0, 1, hours)
    load = 41000 + 9000 * day + 4500 * week - 420 * (temp - 12) + rng.normal(0, 500, hours)
    return t, temp, load


def windows(t, temp, load, width=12):
    feats = np.stack(
        [
            np.sin(2 * np.pi * t / 24),
            np.cos(2 * np.pi * t / 24),
            ((t // 24) % 7 >= 5).astype(float),
            (temp - temp.mean()) / temp.std(),
        ],
        axis=1,
    )
    xs = np.stack([feats[i : i + width] for i in range(len(t) - width)])
    ys = load[width - 1 : -1]
    return xs.astype("float32"), ys.astype("float32")


t, temp, load = make_load()
X, y = windows(t, temp, load)
order = np.random.default_rng(SEED).permutation(len(X))
X, y = X[order], y[order]
split = int(0.8 * len(X))
offset, scale = 0.0, 1.0
y_fit = (y[:split] - offset) / scale

inp = Input(X.shape[1:])
h = GRU(24)(inp)
h = Dense(16, activation="relu")(h)
out = Dense(1)(h)
model = Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
model.summary()

hist = model.fit(X[:split], y_fit, epochs=8, batch_size=32, verbose=2)

pred = model.predict(X[split:], verbose=0)[:, 0] * scale + offset
truth = y[split:]
r2 = 1 - np.sum((truth - pred) ** 2) / np.sum((truth - truth.mean()) ** 2)
print("first forecasts", pred[:4], "measured", truth[:4])
print(f"R2 on held-out hours: {r2:.3f}")
