import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras.layers import LSTM, Dense, Embedding, Input

SEED = 17
MAX_WORDS = 600
MAXLEN = 24
EPOCHS = 40

keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# reviews: most words say nothing, some have a polarity, and reviewers do not always agree
polarity = np.zeros(MAX_WORDS)
polarity[10:70] = 1
polarity[70:130] = -1


def reviews(n):
    sentiment = rng.choice([-1, 1], n)
    words = rng.integers(130, MAX_WORDS, (n, MAXLEN))
    for row, s in zip(words, sentiment):
        k = rng.integers(3, 7)
        pos = rng.choice(MAXLEN, k, replace=False)
        same = rng.random(k) < 0.85
        row[pos] = np.where(same == (s > 0), rng.integers(10, 70, k), rng.integers(70, 130, k))
    stars = np.where(rng.random(n) < 0.1, -sentiment, sentiment)
    return words, (stars > 0).astype("float32")


X_train, y_train = reviews(900)
X_val, y_val = reviews(500)

model = keras.Sequential()
model.add(Input((MAXLEN,)))
model.add(Embedding(MAX_WORDS, 32))
model.add(LSTM(48))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(2e-3), metrics=["accuracy"])
history = model.fit(X_train, y_train, batch_size=32, epochs=EPOCHS, validation_data=(X_val, y_val), verbose=2)

loss, acc = model.evaluate(X_val, y_val, verbose=0)
print("validation accuracy: %.3f" % acc)
print("validation loss: %.4f" % loss)
