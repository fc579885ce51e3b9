"""The next value of a damped wave from a window (Keras)."""

import os

os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

SEED = 0
WINDOW = 20
UNITS = 24
CELL = "LSTM"
LAST = "linear"
LEVEL = 0.0
HEIGHT = 2.0
RATE = 5e-3
BATCH = 32
EPOCHS = 15

keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def waves(n):
    height = HEIGHT * rng.uniform(0.7, 1.3, (n, 1))
    t = np.arange(WINDOW + 2) * rng.uniform(0.3, 0.6, (n, 1)) + rng.uniform(0, 6.28, (n, 1))
    s = height * np.sin(t) + 0.05 * HEIGHT * rng.normal(size=t.shape)
    return (s[:, :WINDOW, None] / HEIGHT).astype("float32"), (LEVEL + s[:, -1]).astype("float32")


x, y = waves(1600)
x_new, y_new = waves(500)
inputs = keras.Input((WINDOW, 1))
model = keras.Model(inputs, layers.Dense(1, activation=LAST)(getattr(layers, CELL)(UNITS)(inputs)))
model.compile(optimizer=keras.optimizers.Adam(RATE), loss="mse")
model.fit(x, y, epochs=EPOCHS, batch_size=BATCH, verbose=2)
p = model.predict(x_new, verbose=0)[:, 0]
print("r2", 1 - np.mean((p - y_new) ** 2) / np.var(y_new))
