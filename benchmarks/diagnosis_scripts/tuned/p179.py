import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(61)
rng = np.random.default_rng(61)
X = rng.standard_normal((500, 20)).astype("float32")
y = (X[:, 0] + X[:, 1] - X[:, 2] > 0).astype(int)
flip = rng.random(500) < 0.15
y[flip] = 1 - y[flip]

callbacks = []
model = keras.Sequential([
    layers.Input((20,)),
    layers.Dense(128, activation="relu"),
    layers.Dense(64, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(keras.optimizers.Adam(1e-3), "binary_crossentropy", metrics=["accuracy"])
h = model.fit(X, y, epochs=80, batch_size=16, validation_split=0.4, callbacks=callbacks, verbose=2)
print("val_loss at the end", h.history["val_loss"][-1])
