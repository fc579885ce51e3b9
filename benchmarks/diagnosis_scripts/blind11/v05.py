"""Used-truck valuation. The network itself speaks in euros: the last layer brings
its output to the unit of the targets, so that nobody downstream has to convert."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

SEED = 12
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def trucks(n):
    age = rng.uniform(0, 15, n)
    km = age * rng.uniform(40e3, 110e3, n) + rng.uniform(0, 2e4, n)
    power = rng.choice([320, 400, 460, 540], n)
    axles = rng.integers(2, 5, n)
    value = 60e3 + 240 * power + 9e3 * axles
    value = value * np.exp(-0.09 * age - 4e-7 * km) * rng.normal(1, 0.04, n)
    return np.stack([age, km, power, axles], 1).astype("float32"), value.astype("float32")


class Valuation(keras.Model):
    def __init__(self, x, y):
        super().__init__()
        self.norm = keras.layers.Normalization()
        self.norm.adapt(x)
        self.body = keras.Sequential(
            [keras.layers.Dense(48, "gelu"), keras.layers.Dense(48, "gelu"), keras.layers.Dense(1)]
        )
        self.to_euros = keras.layers.Rescaling(float(y.std()), offset=float(y.mean()))

    def call(self, x):
        return self.to_euros(self.body(self.norm(x)))


if __name__ == "__main__":
    x, y = trucks(2000)
    xt, yt = trucks(500)
    model = Valuation(x, y)
    schedule = keras.optimizers.schedules.CosineDecay(4e-3, 30 * 63)
    model.compile(keras.optimizers.Adam(schedule), "mse", metrics=["mean_absolute_percentage_error"])
    model.fit(x, y, batch_size=32, epochs=30, validation_data=(xt, yt), verbose=2)
    p = model.predict(xt, verbose=0).ravel()
    print("median error, EUR", float(np.median(np.abs(p - yt))))
    print("R2", round(1 - float(((p - yt) ** 2).mean() / yt.var()), 4))
