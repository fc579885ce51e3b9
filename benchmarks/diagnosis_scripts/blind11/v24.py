"""Adding problem with a curriculum: short sequences first, then longer ones (train_on_batch)."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

SEED = 4
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def adding(n, length):
    values = rng.uniform(-1, 1, (n, length))
    marks = np.zeros((n, length))
    first = rng.integers(0, length // 2, n)
    second = rng.integers(length // 2, length, n)
    rows = np.arange(n)
    marks[rows, first] = marks[rows, second] = 1
    target = values[rows, first] + values[rows, second]
    return np.stack([values, marks], -1).astype("float32"), target[:, None].astype("float32")


model = keras.Sequential([keras.Input((None, 2)), layers.LSTM(40), layers.Dense(1)])
model.compile(keras.optimizers.Adam(1e-2, clipnorm=1.0), "mse")

for length, steps in ((6, 350), (12, 300), (24, 350)):
    x_val, y_val = adding(400, length)
    for step in range(steps):
        x, y = adding(32, length)
        loss = model.train_on_batch(x, y)
    if length == 24:
        model.optimizer.learning_rate = 2e-3
        for step in range(150):
            x, y = adding(32, length)
            loss = model.train_on_batch(x, y)
    val = float(np.mean((model.predict(x_val, verbose=0) - y_val) ** 2))
    print(f"length {length:3d}: mean loss so far {float(loss):.4f}, validation mse {val:.5f}, target variance {y_val.var():.4f}")
print("variance explained at full length", round(1 - val / float(y_val.var()), 4))
