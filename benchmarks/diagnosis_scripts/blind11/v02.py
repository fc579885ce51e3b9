import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import layers, Model, Input

SEED = 21
keras.utils.set_random_seed(SEED)
np.random.seed(SEED)

# ---------------------------------------------------------------
# hourly weather, three channels: temperature, pressure, humidity
# ---------------------------------------------------------------
hours = 2400
t = np.arange(hours)
front = np.zeros(hours)
for i in range(1, hours):
    front[i] = 0.97 * front[i - 1] + 0.25 * np.random.randn()
temp = 9 + 6 * np.sin(2 * np.pi * (t - 9) / 24) + 4 * front + 0.4 * np.random.randn(hours)
pres = 1013 - 6 * front + 0.8 * np.random.randn(hours)
hum = 70 - 1.5 * (temp - 9) + 3 * np.random.randn(hours)
raw = np.stack([temp, pres, hum], 1)
rain = (front < -0.4).astype("float32")

split = 1900
mean, std = raw[:split].mean(0), raw[:split].std(0)
data = ((raw - mean) / std).astype("float32")

W, H = 16, 3


def windows(a, b):
    X, yt, yr = [], [], []
    for i in range(a, b - W - H):
        X.append(data[i:i + W])
        yt.append(data[i + W + H - 1, 0])
        yr.append(rain[i + W + H - 1])
    return np.array(X), np.array(yt)[:, None], np.array(yr)[:, None]


Xtr, Ttr, Rtr = windows(0, split)
Xte, Tte, Rte = windows(split, hours)

inp = Input((W, 3))
h = layers.LSTM(32)(inp)
h = layers.Dense(32, activation="relu")(h)
out_t = layers.Dense(1, activation="relu", name="temp")(h)
out_r = layers.Dense(1, activation="sigmoid", name="rain")(h)
model = Model(inp, {"temp": out_t, "rain": out_r})
model.compile(
    optimizer=keras.optimizers.Adam(2e-3),
    loss={"temp": "mse", "rain": "binary_crossentropy"},
    metrics={"temp": ["mae"], "rain": ["accuracy"]},
)
model.fit(Xtr, {"temp": Ttr, "rain": Rtr}, epochs=10, batch_size=32, verbose=2,
          validation_data=(Xte, {"temp": Tte, "rain": Rte}))

p = model.predict(Xte, verbose=0)
err = (p["temp"] - Tte) * std[0]
print("rain accuracy %.3f" % ((p["rain"] > 0.5) == (Rte > 0.5)).mean())
print("temperature RMSE in degrees %.3f" % np.sqrt((err ** 2).mean()))
