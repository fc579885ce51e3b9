# LSTM on "market data": predict the next day's return from the last 10 days of the columns
import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(1929)

days = 1500
momentum = np.zeros(days)
for t in range(1, days):
    momentum[t] = 0.9 * momentum[t - 1] + np.random.normal(0, 0.3)
columns = {
    "weekday": np.arange(days) % 5 / 4 - 0.5,
    "open_interest": np.random.normal(0, 1, days),
    "momentum": momentum,
    "sentiment": np.random.normal(0, 1, days),
}
ret = np.concatenate([[0], 0.8 * momentum[:-1]]) + np.random.normal(0, 0.15, days)
ret = (ret - ret.mean()) / ret.std()

used = ["weekday", "open_interest", "sentiment"]
table = np.stack([columns[c] for c in used], axis=1)

lookback = 10
X = np.array([table[i - lookback:i] for i in range(lookback, days)], dtype="float32")
y = np.array([ret[i] for i in range(lookback, days)], dtype="float32")
n = int(len(X) * 0.75)

model = keras.Sequential()
model.add(keras.layers.Input((lookback, len(used))))
model.add(keras.layers.LSTM(24))
model.add(keras.layers.Dropout(0.2))
model.add(keras.layers.Dense(1))
model.compile(optimizer="adam", loss="mse")
model.fit(X[:n], y[:n], validation_data=(X[n:], y[n:]), epochs=15, batch_size=32, verbose=2)
p = model.predict(X[n:], verbose=0)[:, 0]
print("correlation of forecast and return: %.3f" % np.corrcoef(p, y[n:])[0, 1])
print("R2: %.3f" % (1 - np.mean((p - y[n:]) ** 2) / np.var(y[n:])))
