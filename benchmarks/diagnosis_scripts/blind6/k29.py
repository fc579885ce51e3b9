"""Route recognition: 12 bus lines from the sequence of stop zones, on a micro-controller budget."""

import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

keras.utils.set_random_seed(500)
rng = np.random.default_rng(500)

LINES, ZONES, STOPS = 12, 20, 15
routes = rng.integers(0, ZONES, size=(LINES, STOPS))


def rides(n):
    line = rng.integers(0, LINES, n)
    zones = routes[line].copy()
    lost = rng.random(zones.shape) < 0.15
    zones[lost] = rng.integers(0, ZONES, lost.sum())
    return zones, line


def build(hidden=2):
    return keras.Sequential(
        [
            keras.Input((STOPS,)),
            keras.layers.Embedding(ZONES, 8),
            keras.layers.GRU(hidden),
            keras.layers.Dense(LINES, activation="softmax"),
        ]
    )


train, val = rides(1800), rides(400)
net = build()
print("parameters:", net.count_params())
net.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
net.optimizer.learning_rate = 0.01
log = net.fit(*train, epochs=15, batch_size=32, validation_data=val, verbose=2)
print("best validation accuracy", max(log.history["val_accuracy"]))
