import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(104)
rng = np.random.default_rng(104)
# 4 sensors, 30 samples each: does sensor 1 follow sensor 0 by one sample, or lead?
n = 1600
label = rng.integers(0, 2, n)
recordings = rng.standard_normal((n, 4, 30)).astype("float32")
lag = np.where(label == 1, 1, -1)
for i in range(n):
    recordings[i, 1] = 0.6 * np.roll(recordings[i, 0], lag[i]) + 0.8 * recordings[i, 1]

X = recordings.reshape(len(recordings), 30, 4)
model = keras.Sequential([
    keras.layers.Conv1D(24, 3, activation="relu"),
    keras.layers.GRU(24),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(5e-3), "binary_crossentropy", metrics=["accuracy"])
model.fit(X[:1300], label[:1300], epochs=15, batch_size=32, verbose=2)
print("accuracy:", model.evaluate(X[1300:], label[1300:], verbose=0)[1])
