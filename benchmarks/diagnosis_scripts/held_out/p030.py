import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(0)
rng = np.random.default_rng(0)
x = rng.uniform(-1, 1, (1200, 2)).astype("float32")
y = (np.sin(3 * x[:, 0]) * np.cos(2 * x[:, 1])).astype("float32")
y = (y - y.mean()) / y.std()

model = keras.Sequential([
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(optimizer="adam", loss="mse")
model.fit(x[:1000], y[:1000], epochs=3, batch_size=16, validation_split=0.1, verbose=2)
print("test mse:", model.evaluate(x[1000:], y[1000:], verbose=0))
