# Predict whether tomorrow closes up or down from the last 20 daily log returns.
# Based on the "LSTM for stock prediction" articles.
import os
os.environ.setdefault("KERAS_BACKEND", "jax")

import numpy as np
import keras
from keras.models import Sequential
from keras.layers import LSTM, Dense, Dropout, Input

LOOKBACK = 20
keras.utils.set_random_seed(2024)


def simulate_prices(days, seed=2024):
    rng = np.random.default_rng(seed)
    shocks = rng.normal(0.0, 0.012, size=days)
    momentum = 0.0
    returns = np.zeros(days)
    for d in range(1, days):
        returns[d] = momentum * returns[d - 1] + shocks[d]
    return 100 * np.exp(np.cumsum(returns))


def make_windows(prices, lookback):
    r = np.diff(np.log(prices))
    r = (r - r.mean()) / r.std()
    X, y = [], []
    for i in range(lookback, len(r)):
        X.append(r[i - lookback:i])
        y.append(1 if r[i] > 0 else 0)
    return np.array(X)[..., None].astype("float32"), np.array(y).astype("float32")


prices = simulate_prices(2600)
X, y = make_windows(prices, LOOKBACK)
split = int(0.75 * len(X))
X_train, X_test = X[:split], X[split:]
y_train, y_test = y[:split], y[split:]
print("up days in train: %.3f, in test: %.3f" % (y_train.mean(), y_test.mean()))

model = Sequential()
model.add(Input(shape=(LOOKBACK, 1)))
model.add(LSTM(32, return_sequences=True))
model.add(Dropout(0.1))
model.add(LSTM(16))
model.add(Dense(1, activation="sigmoid"))
model.compile(optimizer=keras.optimizers.Adam(learning_rate=0.002), loss="binary_crossentropy", metrics=["accuracy"])

model.fit(X_train, y_train, epochs=12, batch_size=64, validation_data=(X_test, y_test), verbose=2)
_, acc = model.evaluate(X_test, y_test, verbose=0)
print("directional accuracy on test days:", round(acc, 4))
