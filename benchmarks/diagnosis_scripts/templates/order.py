"""Does the first mark come before the second? Token ids, bidirectional or not (Keras)."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

SEED = 0
UNITS = 24
CELL = "LSTM"
TOKENS = 20
LENGTH = 14
RATE = 1e-2
BATCH = 32
EPOCHS = 12
DROPOUT = 0.0

keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def records(n):
    x = rng.integers(3, TOKENS, (n, LENGTH))
    y = rng.integers(0, 2, n)
    where = np.sort(np.argsort(rng.random((n, LENGTH)), 1)[:, :2], 1)
    x[np.arange(n), where[:, 0]] = np.where(y == 1, 1, 2)
    x[np.arange(n), where[:, 1]] = np.where(y == 1, 2, 1)
    return x, y


x, y = records(2000)
x_new, y_new = records(500)
model = keras.Sequential([
    layers.Embedding(TOKENS, 16),
    getattr(layers, CELL)(UNITS),
    layers.Dropout(DROPOUT),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(RATE), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=2)
print("accuracy", model.evaluate(x_new, y_new, verbose=0)[1])
