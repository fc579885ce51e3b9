import os
os.environ["KERAS_BACKEND"] = "jax"
import argparse

import keras
import numpy as np


def make_series(days, rng):
    """Daily electricity demand of a town in MWh with the weather of that day."""
    day = np.arange(days)
    season = np.cos(2 * np.pi * day / 365)
    temp = 10 - 9 * season + 3 * rng.normal(size=days)
    weekend = (day % 7 >= 5).astype("float32")
    demand = 41000 + 900 * np.maximum(15 - temp, 0) / 3 - 4000 * weekend + 300 * rng.normal(size=days)
    x = np.stack([(temp - 10) / 8, season, weekend], axis=-1)
    return x.astype("float32"), demand.astype("float32")


def windows(x, demand, length):
    xs = np.stack([x[i:i + length] for i in range(len(x) - length)])
    return xs, demand[length - 1:-1]


def build(length):
    net = keras.Sequential([
        keras.Input((length, 3)),
        keras.layers.GRU(32),
        keras.layers.Dense(16, activation="relu"),
        keras.layers.Dense(1),
    ])
    net.compile("adam", "mse", metrics=["mae"])
    return net


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=14)
    p.add_argument("--length", type=int, default=10)
    p.add_argument("--seed", type=int, default=11)
    args = p.parse_args()
    keras.utils.set_random_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    x, demand = make_series(1300, rng)
    x, y = windows(x, demand, args.length)
    x_train, x_test, y_train, y_test = x[:1000], x[1000:], y[:1000], y[1000:]
    net = build(args.length)
    net.fit(x_train, y_train, epochs=args.epochs, batch_size=32, validation_data=(x_test, y_test), verbose=2)
    forecast = net.predict(x_test, verbose=0).ravel()
    mape = 100 * np.mean(np.abs(forecast - y_test) / y_test)
    print(f"test MAPE {mape:.2f}")


if __name__ == "__main__":
    main()
