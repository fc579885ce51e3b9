import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import argparse

import keras
import numpy as np
from keras import layers

parser = argparse.ArgumentParser()
parser.add_argument("--epochs", type=int, default=2)
parser.add_argument("--units", type=int, default=32)
args = parser.parse_args()

keras.utils.set_random_seed(15)
rng = np.random.default_rng(15)


def batch(n):
    """Which of three frequencies is in the noisy signal?"""
    k = rng.integers(0, 3, n)
    t = np.arange(32)[None]
    x = np.sin(np.array([0.3, 0.5, 0.8])[k][:, None] * t + rng.uniform(0, 6.28, (n, 1)))
    return (x + 0.3 * rng.normal(size=(n, 32)))[..., None].astype("float32"), k


x_train, y_train = batch(1600)
x_test, y_test = batch(400)

model = keras.Sequential([
    layers.Input((32, 1)),
    layers.GRU(args.units, return_sequences=True),
    layers.GRU(args.units),
    layers.Dense(3, activation="softmax"),
])
model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=32, epochs=args.epochs, verbose=2, validation_data=(x_test, y_test))
print("test accuracy", model.evaluate(x_test, y_test, verbose=0)[1])
