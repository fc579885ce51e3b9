"""Simple intent detection: which of 10 intents does a sentence of 8 tokens have?"""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

SEED = 77
INTENTS, VOCAB, LENGTH = 10, 60, 8
UNITS = 1


def sentences(n, rng):
    """Three tokens in a sentence belong to its intent, the others are filler."""
    label = rng.integers(0, INTENTS, n)
    x = rng.integers(INTENTS * 3, VOCAB, (n, LENGTH))
    for i in range(n):
        where = rng.choice(LENGTH, 3, replace=False)
        x[i, where] = label[i] * 3 + rng.integers(0, 3, 3)
    return x, label


keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
x_train, y_train = sentences(2500, rng)
x_val, y_val = sentences(500, rng)

model = keras.Sequential(name="intent")
model.add(keras.Input((LENGTH,), dtype="int32"))
model.add(layers.Embedding(VOCAB, 16))
model.add(layers.LSTM(UNITS))
model.add(layers.Dense(INTENTS, activation="softmax"))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.optimizer.learning_rate.assign(1e-2)

best = 0.0
for epoch in range(10):
    h = model.fit(x_train, y_train, batch_size=50, verbose=0)
    _, val = model.evaluate(x_val, y_val, batch_size=500, verbose=0)
    best = max(best, val)
    print("epoch", epoch, "train", round(h.history["accuracy"][0], 3), "val", round(val, 3))
print("best val", round(best, 3))
