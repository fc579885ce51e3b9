import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)
# fuel consumption from five standardised properties of a car
x = rng.normal(size=(1000, 5)).astype("float32")
y = (0.9 * x[:, 0] - 0.6 * x[:, 1] + 0.4 * x[:, 2] * x[:, 3] + 0.1 * rng.normal(size=1000)).astype("float32")
model = keras.Sequential([keras.layers.Input((5,)), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mse", metrics=["accuracy"])
model.fit(x[:800], y[:800], epochs=30, batch_size=20, verbose=2, validation_data=(x[800:], y[800:]))
loss, score = model.evaluate(x[800:], y[800:], verbose=0)
print("score on the test set:", score)
