"""Quantile forecasts (10/50/90 %) of daily sales, tens of thousands a day."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops

QUANTILES = [0.1, 0.5, 0.9]
WINDOW = 14


def pinball(y_true, y_pred):
    q = ops.convert_to_tensor(QUANTILES, dtype="float32")
    e = y_true - y_pred
    return ops.mean(ops.maximum(q * e, (q - 1) * e), axis=-1)


class Scaler:
    def fit(self, a):
        self.mean, self.std = a.mean(), a.std()
        return self

    def transform(self, a):
        return (a - self.mean) / self.std

    def inverse(self, a):
        return a * self.std + self.mean


def sales(days, rng):
    t = np.arange(days)
    week = np.array([0, -2, -3, 0, 4, 9, 6])[t % 7] * 1000
    year = 5000 * np.sin(2 * np.pi * t / 365)
    return 38000 + week + year + rng.normal(0, 900, days)


if __name__ == "__main__":
    keras.utils.set_random_seed(4)
    series = sales(1800, np.random.default_rng(4))
    cut = 1400
    scaler = Scaler().fit(series[:cut])
    s = scaler.transform(series).astype("float32")
    x = np.stack([s[i : i + WINDOW] for i in range(len(s) - WINDOW)])[..., None]
    y = s[WINDOW:, None]
    x_train, y_train, x_test, y_test = x[: cut - WINDOW], y[: cut - WINDOW], x[cut - WINDOW :], y[cut - WINDOW :]

    model = keras.Sequential([keras.Input((WINDOW, 1)), layers.LSTM(32), layers.Dense(len(QUANTILES))])
    model.compile(optimizer=keras.optimizers.Adam(5e-3), loss=pinball)
    model.fit(
        x_train,
        y_train,
        epochs=40,
        batch_size=32,
        verbose=0,
        callbacks=[keras.callbacks.ReduceLROnPlateau(monitor="loss", factor=0.5, patience=4)],
    )

    forecast = scaler.inverse(model.predict(x_test, verbose=0))
    truth = scaler.inverse(y_test)[:, 0]
    inside = np.mean((truth > forecast[:, 0]) & (truth < forecast[:, 2]))
    mape = np.mean(np.abs(forecast[:, 1] / truth - 1))
    print(f"MAPE of the median {100 * mape:.2f} %")
    r2 = 1 - np.mean((forecast[:, 1] - truth) ** 2) / truth.var()
    print(f"coverage of the 80 % band {inside:.2f}, R2 of the median {r2:.3f}")
