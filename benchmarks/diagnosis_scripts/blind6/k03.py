# Forecast next month's median flat price in a district from the last 12 months
# (price index, mortgage rate, listings). Copied out of my notebook.
import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import LSTM, Dense, Dropout, Input

keras.utils.set_random_seed(2021)

n_districts, months = 60, 40
t = np.arange(months)
X, y = [], []
for d in range(n_districts):
    level = np.random.uniform(150, 450)
    growth = np.random.uniform(-2, 4)
    season = np.random.uniform(5, 20)
    price = level + growth * t + season * np.sin(2 * np.pi * t / 12 + d) + np.random.normal(0, 2, months)
    rate = 3 + np.cumsum(np.random.normal(0, 0.05, months))
    listings = 100 - 0.5 * season * np.sin(2 * np.pi * t / 12 + d) + np.random.normal(0, 3, months)
    feats = np.stack([(price - 300) / 100, (rate - 3) / 0.5, (listings - 100) / 10], axis=1)
    for i in range(months - 12):
        X.append(feats[i:i + 12])
        y.append(price[i + 12] * 1000)     # euros

X = np.array(X, dtype="float32")
y = np.array(y, dtype="float32")
idx = np.random.permutation(len(X))
X, y = X[idx], y[idx]
cut = int(0.8 * len(X))
X_train, X_test, y_train, y_test = X[:cut], X[cut:], y[:cut], y[cut:]
print(X_train.shape, y_train.shape, X_test.shape)

model = Sequential()
model.add(Input(shape=(12, 3)))
model.add(LSTM(50, return_sequences=True))
model.add(LSTM(50))
model.add(Dropout(0.1))
model.add(Dense(1))
model.compile(optimizer="adam", loss="mean_squared_error", metrics=["mae"])
history = model.fit(X_train, y_train, epochs=25, batch_size=32, validation_data=(X_test, y_test), verbose=2)

p = model.predict(X_test, verbose=0).ravel()
ss = np.sum((y_test - p) ** 2)
r2 = 1 - ss / np.sum((y_test - y_test.mean()) ** 2)
print("test R2: %.3f" % r2)
