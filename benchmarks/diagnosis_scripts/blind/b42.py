import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(17)
rng = np.random.default_rng(17)
n = 1200
area = rng.uniform(30, 220, n)
year = rng.integers(1900, 2024, n)
floor = rng.integers(0, 12, n)
km = rng.exponential(6, n)
price = 3.1 * area + 0.9 * (year - 1960) + 4 * floor - 14 * np.sqrt(km) + rng.normal(0, 20, n)
table = np.stack([area, year, floor, km], 1).astype("float32")
target = ((price - price[:900].mean()) / price[:900].std()).astype("float32")

normalise = layers.Normalization()
normalise.adapt(table[:900])
model = keras.Sequential([keras.Input((4,)), normalise, layers.Dense(32, activation="selu", kernel_initializer="lecun_normal"),
                          layers.Dense(32, activation="selu", kernel_initializer="lecun_normal"), layers.Dense(1)])
model.compile(optimizer=keras.optimizers.SGD(0.01, momentum=0.9, nesterov=True), loss=keras.losses.Huber(), metrics=["mae"])
model.fit(table[:900], target[:900], epochs=30, batch_size=30, verbose=0, validation_data=(table[900:], target[900:]),
          callbacks=[keras.callbacks.ReduceLROnPlateau(patience=4, factor=0.5)])
p = model.predict(table[900:], verbose=0).ravel()
print("R2", 1 - np.mean((p - target[900:]) ** 2) / np.var(target[900:]))
