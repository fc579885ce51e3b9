"""Noisy blobs, a dense classifier (Keras)."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

SEED = 0
CLASSES = 5
FEATURES = 12
SPACING = 1.2
RECORDS = 1500
WIDTH = 48
DEPTH = 2
DROPOUT = 0.1
RATE = 2e-3
BATCH = 32
EPOCHS = 20
OFFSET = 0.0
SHUFFLE = True

keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
centres = rng.normal(size=(CLASSES, FEATURES)) * SPACING


def records(n):
    y = np.sort(rng.integers(0, CLASSES, n))
    return (centres[y] + 0.9 * rng.normal(size=(n, FEATURES)) + OFFSET).astype("float32"), y


x, y = records(RECORDS)
x_new, y_new = records(500)
model = keras.Sequential()
for _ in range(DEPTH):
    model.add(layers.Dense(WIDTH, activation="relu"))
    model.add(layers.Dropout(DROPOUT))
model.add(layers.Dense(CLASSES, activation="softmax"))
model.compile(optimizer=keras.optimizers.Adam(RATE), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, shuffle=SHUFFLE, verbose=2)
print("accuracy", model.evaluate(x_new, y_new, verbose=0)[1])
