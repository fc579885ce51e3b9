import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

CONFIG = dict(seed=33, vocab=50, length=12, embed=16, units=16, dropout=0.85, lr=5e-3, batch=32, epochs=10)


def slot_data(n, rng, cfg):
    """Which of 4 intents: given by the order of two keywords (tokens 1-4) among filler words."""
    x = rng.integers(5, cfg["vocab"], (n, cfg["length"]))
    y = rng.integers(0, 4, n)
    for row, intent in zip(x, y):
        i, j = np.sort(rng.choice(cfg["length"], 2, replace=False))
        row[i], row[j] = [(1, 2), (2, 1), (3, 4), (4, 3)][intent]
    return x.astype("int32"), y


def build(cfg):
    inp = keras.Input((cfg["length"],), dtype="int32")
    h = layers.Embedding(cfg["vocab"], cfg["embed"])(inp)
    h = layers.Dropout(cfg["dropout"])(h)
    h = layers.Bidirectional(layers.GRU(cfg["units"]))(h)
    h = layers.Dropout(cfg["dropout"])(h)
    h = layers.Dense(24, activation="relu")(h)
    h = layers.Dropout(cfg["dropout"])(h)
    return keras.Model(inp, layers.Dense(4, activation="softmax")(h))


def main(cfg):
    keras.utils.set_random_seed(cfg["seed"])
    rng = np.random.default_rng(cfg["seed"])
    train, test = slot_data(1200, rng, cfg), slot_data(400, rng, cfg)
    model = build(cfg)
    model.compile(keras.optimizers.Adam(cfg["lr"]), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(*train, batch_size=cfg["batch"], epochs=cfg["epochs"], validation_data=test, verbose=2)
    print("intent accuracy:", model.evaluate(*test, verbose=0)[1])


if __name__ == "__main__":
    main(CONFIG)
