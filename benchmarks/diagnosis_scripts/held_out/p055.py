import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(27)
rng = np.random.default_rng(27)
theta = rng.uniform(0, 3 * np.pi, 1800)
cls = rng.integers(0, 2, 1800)
rad = theta / 5 + 0.2
x = np.stack([rad * np.cos(theta + np.pi * cls), rad * np.sin(theta + np.pi * cls)], 1)
x += 0.04 * rng.standard_normal(x.shape)

act = "sigmoid"
model = keras.Sequential([keras.layers.Input((2,))])
for _ in range(8):
    model.add(keras.layers.Dense(40, activation=act))
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
h = model.fit(x, cls, validation_split=0.2, epochs=40, batch_size=32, verbose=2)
print("val_accuracy:", h.history["val_accuracy"][-1])
