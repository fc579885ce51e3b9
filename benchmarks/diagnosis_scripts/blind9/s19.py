"""Next value of a noisy oscillator; smooth L1 of our own."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops

SEED = 12


class SmoothL1(keras.losses.Loss):
    """Quadratic up to delta, linear beyond."""

    def __init__(self, delta=0.5, name="smooth_l1"):
        super().__init__(name=name)
        self.delta = delta

    def call(self, y_true, y_pred):
        error = ops.abs(y_true - y_pred)
        inner = 0.5 * ops.square(error)
        outer = self.delta * (error - 0.5 * self.delta)
        return ops.where(error < self.delta, inner, outer)


def oscillator(n, rng):
    t = np.arange(n) * 0.35
    s = np.sin(t) + 0.5 * np.sin(2.3 * t + 1) + rng.normal(0, 0.05, n)
    return s.astype("float32")


def windows(s, width):
    x = np.lib.stride_tricks.sliding_window_view(s[:-1], width)[..., None]
    y = s[width:]
    return x.copy(), y.copy()


def main():
    keras.utils.set_random_seed(SEED)
    s = oscillator(1816, np.random.default_rng(SEED))
    x, y = windows(s, 16)
    x_train, y_train, x_val, y_val = x[:1440], y[:1440], x[1440:], y[1440:]
    print("inputs", x_train.shape, "targets", y_train.shape)

    model = keras.Sequential(
        [keras.Input((16, 1)), layers.GRU(24), layers.Dense(12, activation="tanh"), layers.Dense(1)]
    )
    model.compile(optimizer=keras.optimizers.Adam(4e-3), loss=SmoothL1())
    model.fit(x_train, y_train, batch_size=48, epochs=12, verbose=2)

    pred = model.predict(x_val, batch_size=180, verbose=0).reshape(-1)
    print("predicted spread", pred.std(), "true spread", y_val.std())
    print("R2", 1 - float(np.mean((pred - y_val) ** 2) / np.var(y_val)))


if __name__ == "__main__":
    main()
