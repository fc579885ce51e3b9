"""Tags of a support ticket (several can hold at once) from its tokens."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

SEED = 1
TAGS = ["billing", "login", "crash", "delivery", "refund"]
VOCAB, LENGTH = 50, 12

keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def tickets(n):
    tags = (rng.random((n, len(TAGS))) < 0.4).astype("float32")
    words = rng.integers(10, VOCAB, (n, LENGTH))
    for i in range(n):
        slots = rng.permutation(LENGTH)
        for j, k in enumerate(np.flatnonzero(tags[i])):
            words[i, slots[j]] = 2 * k + rng.integers(0, 2)
    return words, tags


x_train, y_train = tickets(2500)
x_test, y_test = tickets(500)


def build_model():
    model = keras.Sequential(
        [
            keras.Input((LENGTH,), dtype="int32"),
            layers.Embedding(VOCAB, 16),
            layers.Bidirectional(layers.GRU(24)),
            layers.Dense(len(TAGS), activation="softmax"),
        ]
    )
    model.compile(
        optimizer=keras.optimizers.Adam(5e-3),
        loss="binary_crossentropy",
        metrics=[keras.metrics.BinaryAccuracy(name="acc")],
    )
    return model


model = build_model()
model.fit(x_train, y_train, epochs=8, batch_size=50, verbose=2)

p = model.predict(x_test, batch_size=500, verbose=0)
hits = p > 0.5
for k, tag in enumerate(TAGS):
    print(f"{tag:10s} recall {np.mean(hits[y_test[:, k] == 1, k]):.2f}")
print("tickets with every tag right:", np.mean((hits == y_test).all(axis=1)))
