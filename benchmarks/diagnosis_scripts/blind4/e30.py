import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import tempfile

import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Embedding, Bidirectional, LSTM, Dense, Dropout
from keras.callbacks import EarlyStopping, ModelCheckpoint
from keras.utils import pad_sequences

# fixed random seed for reproducibility
keras.utils.set_random_seed(7)
rng = np.random.default_rng(7)

top_words, max_review_length = 500, 30


def reviews(n):
    X, y = [], rng.integers(0, 2, n)
    for label in y:
        length = rng.integers(10, 36)
        words = rng.integers(100, top_words, length)
        k = int(rng.integers(3, 6))
        words[rng.choice(length, k, replace=False)] = rng.integers(1, 50, k) + (0 if label else 50)
        X.append(list(words))
    return X, y


X_train, y_train = reviews(1500)
X_test, y_test = reviews(500)
# truncate and pad input sequences
X_train = pad_sequences(X_train, maxlen=max_review_length)
X_test = pad_sequences(X_test, maxlen=max_review_length)

model = Sequential()
model.add(Embedding(top_words, 32, mask_zero=True))
model.add(Bidirectional(LSTM(16)))
model.add(Dropout(0.4))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(0.003), metrics=["accuracy"])

path = os.path.join(tempfile.mkdtemp(), "best.weights.h5")
callbacks = [
    EarlyStopping(monitor="val_loss", patience=3, restore_best_weights=True),
    ModelCheckpoint(path, monitor="val_loss", save_best_only=True, save_weights_only=True),
]
model.fit(X_train, y_train, validation_split=0.2, epochs=40, batch_size=64, callbacks=callbacks, verbose=2)
scores = model.evaluate(X_test, y_test, verbose=0)
print("Accuracy: %.4f" % scores[1])
