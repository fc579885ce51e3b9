import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np


def squash(z):
    return keras.ops.tanh(60.0 * z)


keras.utils.set_random_seed(9)
rng = np.random.default_rng(9)
x = rng.uniform(-1, 1, (1200, 6)).astype("float32")
y = np.sin(3 * x[:, 0]) * x[:, 1] + 0.5 * x[:, 2]
y = (y / y.std()).astype("float32")

inp = keras.Input((6,))
z = keras.layers.Dense(32, activation=squash)(inp)
z = keras.layers.Dense(32, activation=squash)(z)
z = keras.layers.Dense(32, activation=squash)(z)
model = keras.Model(inp, keras.layers.Dense(1)(z))
model.compile(keras.optimizers.Adam(3e-3), loss="mse", metrics=["mae"])
model.fit(x[:1000], y[:1000], epochs=40, batch_size=32, verbose=2)
print("mae:", model.evaluate(x[1000:], y[1000:], verbose=0)[1])
