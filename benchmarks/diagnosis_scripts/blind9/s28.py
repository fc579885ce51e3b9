"""Named entities in sentences of different lengths: padding is masked and weighs nothing."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

PAD, VOCAB, MAXLEN, OUTSIDE = 0, 70, 14, 0
keras.utils.set_random_seed(41)
rng = np.random.default_rng(41)


def sentence():
    """Tokens 1-5 are titles, 6-9 prepositions; the word after one is a person (1) or a place (2)."""
    n = rng.integers(4, MAXLEN + 1)
    words = rng.integers(10, VOCAB, n)
    tags = np.zeros(n, int)
    t = 0
    while t < n - 1:
        u = rng.random()
        if u < 0.12:
            words[t], tags[t + 1] = rng.integers(1, 6), 1
            t += 1
        elif u < 0.24:
            words[t], tags[t + 1] = rng.integers(6, 10), 2
            t += 1
        t += 1
    return words, tags


def pad(rows):
    out = np.full((len(rows), MAXLEN), PAD)
    for i, r in enumerate(rows):
        out[i, : len(r)] = r
    return out


def corpus(n):
    pairs = [sentence() for _ in range(n)]
    x, y = pad([p[0] for p in pairs]), pad([p[1] for p in pairs])
    weight = (x != PAD) * np.where(y == OUTSIDE, 1.0, 2.0)
    return x, y, weight.astype("float32")


x, y, w = corpus(1500)
x_val, y_val, w_val = corpus(300)
print("share of padding %.2f, of entities %.2f" % (np.mean(x == PAD), np.mean(y[x != PAD] > 0)))

model = keras.Sequential(
    [
        layers.Input((MAXLEN,), dtype="int32"),
        layers.Embedding(VOCAB, 16, mask_zero=True),
        layers.Bidirectional(layers.GRU(16, return_sequences=True)),
        layers.Dropout(0.2),
        layers.Dense(3, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
model.optimizer.learning_rate.assign(5e-3)
model.fit(x, y, sample_weight=w, batch_size=50, epochs=8, verbose=2)

tags = model.predict(x_val, batch_size=300, verbose=0).argmax(-1)
real = x_val != PAD
tp = np.sum((tags == y_val) & (y_val > 0) & real)
precision = tp / max(1, np.sum((tags > 0) & real))
recall = tp / np.sum((y_val > 0) & real)
print("F1 of entities %.3f" % (2 * precision * recall / (precision + recall)))
