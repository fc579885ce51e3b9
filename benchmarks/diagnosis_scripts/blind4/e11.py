"""Reuse of a recurrent encoder for command classification (functional API)."""
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np
import keras
from keras import layers

SEED = 6
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
N_COMMANDS, VOCAB, LEN = 6, 60, 10


def make_commands(n):
    """a command is decided by which of two marker words comes first, and by the marker pair"""
    y = rng.integers(0, N_COMMANDS, n)
    x = rng.integers(12, VOCAB, size=(n, LEN))
    for i, c in enumerate(y):
        a, b = sorted(rng.choice(LEN, 2, replace=False))
        pair = c // 2
        first, second = 2 * pair + 1, 2 * pair + 2
        if c % 2:
            first, second = second, first
        x[i, a], x[i, b] = first, second
    return x, y


def build_encoder():
    inp = layers.Input((LEN,), dtype="int32")
    z = layers.Embedding(VOCAB, 16)(inp)
    z = layers.LSTM(32)(z)
    return keras.Model(inp, z, name="encoder")


def build_classifier(encoder):
    encoder.trainable = False
    inp = layers.Input((LEN,), dtype="int32")
    z = encoder(inp)
    z = layers.Dense(32, activation="relu")(z)
    out = layers.Dense(N_COMMANDS, activation="softmax")(z)
    return keras.Model(inp, out, name="classifier")


def main():
    x, y = make_commands(1500)
    xv, yv = make_commands(400)
    model = build_classifier(build_encoder())
    model.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.summary()
    model.fit(x, y, validation_data=(xv, yv), epochs=12, batch_size=50, verbose=2)
    print("accuracy on new commands:", model.evaluate(xv, yv, verbose=0)[1])


main()
