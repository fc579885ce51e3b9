"""Hashing of event sequences: a recurrent encoder gives 10 bits, a linear read-out names the source."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers, ops

SEED = 13
keras.utils.set_random_seed(SEED)


class Bits(layers.Layer):
    """Sigmoid, then 0 or 1."""

    def call(self, h):
        p = ops.sigmoid(h)
        hard = ops.cast(p > 0.5, "float32")
        return hard


def sources(n, rng, vocab=12, steps=10, k=8):
    table = np.random.default_rng(99).dirichlet(np.full(vocab, 0.35), size=k)
    label = rng.integers(0, k, n)
    seq = np.array([rng.choice(vocab, size=steps, p=table[c]) for c in label])
    return seq, label


rng = np.random.default_rng(SEED)
x_train, y_train = sources(2000, rng)
x_test, y_test = sources(500, rng)

inputs = keras.Input((10,), dtype="int32")
h = layers.Embedding(12, 8)(inputs)
h = layers.GRU(24)(h)
h = layers.Dense(10)(h)
code = Bits()(h)
outputs = layers.Dense(8, activation="softmax")(code)
model = keras.Model(inputs, outputs)
encoder = keras.Model(inputs, code)

model.compile(
    optimizer=keras.optimizers.Adam(5e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
model.fit(x_train, y_train, epochs=10, batch_size=50, verbose=2)

codes = encoder.predict(x_test, verbose=0, batch_size=500)
print("different codes in use:", len({tuple(c) for c in codes.astype(int)}))
print("test accuracy: %.3f" % model.evaluate(x_test, y_test, verbose=0, batch_size=500)[1])
