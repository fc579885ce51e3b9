"""BiLSTM tagger, variable lengths, padded with 0. Learning rate: warm-up, then cosine."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import math

import keras
import numpy as np
from keras import layers

SEED = 6
EPOCHS, WARMUP, PEAK = 8, 2, 1e-2
TAGS = 4  # 1 other, 2 begin, 3 inside (0 = padding)
keras.utils.set_random_seed(SEED)


def sentences(n, rng, maxlen=12, vocab=60):
    """A name is opened by a title (words 1-5) and lasts while words are capitalised (6-25)."""
    x = np.zeros((n, maxlen), "int32")
    y = np.zeros((n, maxlen), "int32")
    for i in range(n):
        length = rng.integers(6, maxlen + 1)
        inside = False
        for t in range(length):
            kind = rng.choice(3, p=[0.15, 0.45, 0.4])
            if kind == 0:
                x[i, t], y[i, t], inside = rng.integers(1, 6), 2, True
            elif kind == 1:
                x[i, t] = rng.integers(6, 26)
                y[i, t] = 3 if inside else 1
            else:
                x[i, t], y[i, t], inside = rng.integers(26, vocab), 1, False
    return x, y


def lr_at(epoch, lr):
    if epoch < WARMUP:
        return PEAK * (epoch + 1) / (10 * WARMUP) if epoch == 0 else PEAK * (epoch + 1) / WARMUP
    return PEAK * 0.5 * (1 + math.cos(math.pi * (epoch - WARMUP) / (EPOCHS - WARMUP)))


rng = np.random.default_rng(SEED)
x, y = sentences(560, rng)
xv, yv = sentences(250, rng)

net = keras.Sequential(
    [
        keras.Input((12,), dtype="int32"),
        layers.Embedding(60, 16, mask_zero=True),
        layers.Bidirectional(layers.LSTM(16, return_sequences=True)),
        layers.TimeDistributed(layers.Dense(TAGS, activation="softmax")),
    ]
)
net.compile("adam", "sparse_categorical_crossentropy", weighted_metrics=["accuracy"])
net.fit(
    x, y, sample_weight=(x > 0).astype("float32"), batch_size=32, epochs=EPOCHS, verbose=2,
    callbacks=[keras.callbacks.LearningRateScheduler(lr_at)],
)
guess = net.predict(xv, verbose=0).argmax(-1)
real = xv > 0
names = real & (yv > 1)
print("recall of name tokens", (guess == yv)[names].mean().round(4))
print("token accuracy", (guess == yv)[real].mean().round(4))
