#!/usr/bin/env python
"""Weather front detection from barometer traces.

Usage: python weather.py [--epochs 12] [--units 24]
"""
import argparse
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np


def load(n, rng):
    """Traces of pressure (Pa), temperature (K) and humidity (%), one an hour."""
    hours = np.arange(30)
    data = np.empty((n, 30, 3), dtype="float32")
    label = rng.integers(0, 3, n)  # 0 quiet, 1 warm front, 2 cold front
    for i in range(n):
        when = rng.integers(8, 20)
        step = 1 / (1 + np.exp(-(hours - when) / 2.0))
        p = 101325 + rng.normal(0, 300) + rng.normal(0, 20, 30)
        temp = 285 + rng.normal(0, 4) + 2 * np.sin(hours / 4) + rng.normal(0, 0.5, 30)
        hum = 60 + rng.normal(0, 8) + rng.normal(0, 2, 30)
        if label[i] == 1:
            p = p - 250 * step
            temp = temp + 4 * step
        elif label[i] == 2:
            p = p + 250 * step
            temp = temp - 4 * step
        data[i] = np.stack([p, temp, hum], axis=1)
    return data, label


def build(units):
    model = keras.Sequential(name="fronts")
    model.add(keras.layers.Input(shape=(30, 3)))
    model.add(keras.layers.LSTM(units))
    model.add(keras.layers.Dense(3, activation="softmax"))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=0.005),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
    )
    return model


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--units", type=int, default=24)
    ap.add_argument("--seed", type=int, default=42)
    args = ap.parse_args()
    keras.utils.set_random_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    x_train, y_train = load(900, rng)
    x_test, y_test = load(300, rng)
    model = build(args.units)
    model.fit(x_train, y_train, epochs=args.epochs, batch_size=32, validation_data=(x_test, y_test), verbose=2)
    _, accuracy = model.evaluate(x_test, y_test, verbose=0)
    print(f"test accuracy: {accuracy:.3f}")


if __name__ == "__main__":
    main()
