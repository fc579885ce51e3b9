import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

rng = np.random.default_rng(3)
keras.utils.set_random_seed(3)
N, T = 900, 12
pressure = 101325 + 400 * rng.standard_normal((N, T))
altitude = 500 + 30 * rng.standard_normal((N, T))
humidity = 60 + 12 * rng.standard_normal((N, T))
score = (pressure[:, -5:].mean(1) - 101325) / 400 - (humidity[:, -5:].mean(1) - 60) / 12
rain = (score < 0).astype("int32")
data = np.stack([pressure, altitude, humidity], axis=-1)

x = data.astype("float32")

model = keras.Sequential()
model.add(keras.layers.LSTM(32))
model.add(keras.layers.Dense(16, activation="relu"))
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x, rain, batch_size=16, epochs=20, validation_split=0.2, verbose=2)
print("val_accuracy =", history.history["val_accuracy"][-1])
