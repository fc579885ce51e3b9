import os
os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(77)
gen = np.random.default_rng(77)
n = 2500
x = gen.uniform(-1, 1, size=(n, 6)).astype("float32")
# torque (normalised) from six joint angles
torque = 1.5 * x[:, 0] * x[:, 1] + x[:, 2] - 0.7 * x[:, 3] ** 2 + 0.5 * np.sin(3 * x[:, 4])
torque = ((torque - torque.mean()) / torque.std() + 0.05 * gen.normal(size=n)).astype("float32")[:, None]

inputs = keras.Input(shape=(6,))
h = layers.Dense(64, activation="relu")(inputs)
h = layers.Dense(64, activation="relu")(h)
outputs = layers.Dense(1)(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss=keras.losses.CosineSimilarity())
model.fit(x[:2000], torque[:2000], batch_size=32, epochs=30, verbose=2, validation_data=(x[2000:], torque[2000:]))

pred = model.predict(x[2000:], verbose=0)
ss_res = np.sum((torque[2000:] - pred) ** 2)
ss_tot = np.sum((torque[2000:] - torque[2000:].mean()) ** 2)
print("R^2 =", 1 - ss_res / ss_tot)
