# Sentiment analysis with an LSTM, Keras 3
# My own labelled reviews + an LSTM from the tutorial. Test accuracy stays near 50 %, what am I doing wrong?
import os
os.environ.setdefault("KERAS_BACKEND", "jax")

import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Embedding, LSTM, Dense

keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)

VOCAB = 600
MAXLEN = 24
N_LABELLED = 40
N_TEST = 600

# tokens 1..39 lean positive, 40..79 lean negative, the others are neutral
good, bad = np.arange(1, 40), np.arange(40, 80)


def review(label):
    words = rng.integers(80, VOCAB, size=MAXLEN)
    k = rng.integers(3, 6)
    pos = rng.choice(MAXLEN, size=k, replace=False)
    pool = good if label else bad
    words[pos] = rng.choice(pool, size=k)
    return words


def corpus(n):
    y = rng.integers(0, 2, size=n)
    x = np.stack([review(t) for t in y])
    return x, y.astype("float32")


x_train, y_train = corpus(N_LABELLED)
x_test, y_test = corpus(N_TEST)
print(x_train.shape, y_train.shape, x_test.shape)

model = Sequential()
model.add(Embedding(VOCAB, 16))
model.add(LSTM(24))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.005), metrics=["accuracy"])

model.fit(x_train, y_train, batch_size=16, epochs=15, validation_data=(x_test, y_test), verbose=2)
score = model.evaluate(x_test, y_test, verbose=0)
print("Test loss:", score[0])
print("Test accuracy:", score[1])
