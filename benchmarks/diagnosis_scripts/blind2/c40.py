import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import numpy as np
import keras
from keras.layers import LSTM, Dense, Bidirectional, Embedding

CONFIG = {
    "units": 24,
    "learning_rate": 1.5,
    "epochs": 12,
    "batch_size": 32,
}


def load(n, seed):
    r = np.random.default_rng(seed)
    tokens = r.integers(1, 20, (n, 16))
    # does token 1 come before token 2?
    labels = r.integers(0, 2, n)
    places = np.sort(np.argsort(r.random((n, 16)), 1)[:, :2], 1)
    rows = np.arange(n)
    tokens[tokens < 3] = 3
    tokens[rows, places[:, 0]] = np.where(labels == 1, 1, 2)
    tokens[rows, places[:, 1]] = np.where(labels == 1, 2, 1)
    return tokens, labels


keras.utils.set_random_seed(9)
(x, y), (xt, yt) = load(2000, 0), load(500, 1)
model = keras.Sequential()
model.add(Embedding(20, 16))
model.add(Bidirectional(LSTM(CONFIG["units"])))
model.add(Dense(1, activation="sigmoid"))
model.compile(
    optimizer=keras.optimizers.Adam(learning_rate=CONFIG["learning_rate"]),
    loss="binary_crossentropy",
    metrics=["acc"],
)
model.fit(x, y, epochs=CONFIG["epochs"], batch_size=CONFIG["batch_size"], verbose=2)
loss, acc = model.evaluate(xt, yt, verbose=0)
print(f"test accuracy {acc:.4f}")
