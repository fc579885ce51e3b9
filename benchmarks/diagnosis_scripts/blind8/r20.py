import os
os.environ["KERAS_BACKEND"] = "torch"

import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(7)

# hourly weather station: pressure [Pa], temperature [K], humidity [%]
n = 2200
t = np.arange(n)
rng = np.random.default_rng(7)
front = np.zeros(n)
for i in range(1, n):
    front[i] = 0.97 * front[i - 1] + rng.normal()
front /= front.std()
pressure = 101325 + 600 * front + 60 * rng.normal(size=n)
temperature = 285 + 6 * np.sin(2 * np.pi * t / 24) - 2 * front + 0.3 * rng.normal(size=n)
humidity = 60 + 15 * np.cos(2 * np.pi * t / 24) + 3 * rng.normal(size=n)

features = np.stack([pressure, temperature, humidity], axis=1).astype("float32")
label = (temperature - temperature.mean()) / temperature.std()

history, horizon = 12, 3
X, y = [], []
for i in range(n - history - horizon):
    X.append(features[i:i + history])
    y.append(label[i + history + horizon - 1])
X, y = np.array(X), np.array(y, dtype="float32")

split = int(0.8 * len(X))
x_train, y_train = X[:split], y[:split]
x_val, y_val = X[split:], y[split:]

inputs = keras.Input((history, 3))
h = layers.LSTM(24)(inputs)
outputs = layers.Dense(1)(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(0.003), loss="mse")
model.fit(x_train, y_train, validation_data=(x_val, y_val), epochs=10, batch_size=64, verbose=2,
          callbacks=[keras.callbacks.EarlyStopping(patience=6, restore_best_weights=True)])

pred = model.predict(x_val, verbose=0)[:, 0]
r2 = 1 - np.mean((pred - y_val) ** 2) / np.var(y_val)
print("R2 on the held-out days: %.3f" % r2)
