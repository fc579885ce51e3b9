import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
from keras import Sequential, utils
from keras.layers import Conv2D, Dense, Flatten, Input, MaxPooling2D

utils.set_random_seed(90)
rng = np.random.default_rng(90)


def digits(n):
    """Seven-segment displays on a 14x10 screen, shifted and noisy."""
    segments = ["abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg"]
    where = {"a": (slice(1, 2), slice(2, 6)), "b": (slice(1, 6), slice(5, 6)), "c": (slice(5, 10), slice(5, 6)),
             "d": (slice(9, 10), slice(2, 6)), "e": (slice(5, 10), slice(2, 3)), "f": (slice(1, 6), slice(2, 3)),
             "g": (slice(5, 6), slice(2, 6))}
    x = np.zeros((n, 14, 10, 1), "float32")
    y = rng.integers(0, 10, n)
    for i in range(n):
        for s in segments[y[i]]:
            x[i][where[s]] = 1
        x[i] = np.roll(x[i], (rng.integers(0, 4), rng.integers(-1, 3)), axis=(0, 1))
    return x + 0.25 * rng.normal(size=x.shape), y


x, y = digits(1500)
xt, yt = digits(300)
model = Sequential([
    Input((14, 10, 1)),
    Conv2D(12, 3, activation="relu", padding="same"),
    MaxPooling2D(),
    Conv2D(24, 3, activation="relu"),
    Flatten(),
    Dense(48, activation="relu"),
    Dense(10, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=12, batch_size=32, verbose=2, validation_data=(xt, yt))
print(model.evaluate(xt, yt, verbose=0)[1])
