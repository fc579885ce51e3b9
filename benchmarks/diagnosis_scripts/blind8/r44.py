import os
os.environ["KERAS_BACKEND"] = "jax"
import argparse
import keras
import numpy as np


class Scaler:
    def fit(self, v):
        self.mean, self.std = v.mean(), v.std()
        return self

    def transform(self, v):
        return (v - self.mean) / self.std

    def inverse(self, v):
        return v * self.std + self.mean


def make_series(days, rng):
    day = np.arange(days)
    season = np.cos(2 * np.pi * day / 365)
    temp = 10 - 9 * season + 3 * rng.normal(size=days)
    weekend = (day % 7 >= 5).astype("float32")
    demand = 41000 + 900 * np.maximum(15 - temp, 0) / 3 - 4000 * weekend + 300 * rng.normal(size=days)
    return np.stack([(temp - 10) / 8, season, weekend], axis=-1).astype("float32"), demand.astype("float32")


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=14)
    p.add_argument("--length", type=int, default=10)
    p.add_argument("--seed", type=int, default=12)
    args = p.parse_args()
    keras.utils.set_random_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    x, demand = make_series(1300, rng)
    n = args.length
    x = np.stack([x[i:i + n] for i in range(len(x) - n)])
    y = demand[n - 1:-1]
    x_train, x_test, y_train, y_test = x[:1000], x[1000:], y[:1000], y[1000:]
    scaler = Scaler().fit(y_train)
    net = keras.Sequential([keras.Input((n, 3)), keras.layers.GRU(32), keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
    net.compile("adam", "huber")
    net.fit(x_train, scaler.transform(y_train), epochs=args.epochs, batch_size=32, verbose=2)
    forecast = scaler.inverse(net.predict(x_test, verbose=0).ravel())
    print("worst day off by MWh:", float(np.abs(forecast - y_test).max()))
    print(f"test R2 {1 - np.mean((forecast - y_test) ** 2) / y_test.var():.3f}")


if __name__ == "__main__":
    main()
