import os
os.environ["KERAS_BACKEND"] = os.environ.get("KERAS_BACKEND", "jax")
import numpy as np
from keras import Model, Input, layers, optimizers, utils

utils.set_random_seed(0)
rng = np.random.default_rng(0)


def damped(n, length=25):
    """Standardised temperature differences; predict the value two steps after the window."""
    a = rng.uniform(1.5, 4.0, (n, 1)) * rng.choice([-1, 1], (n, 1))
    f = rng.uniform(0.3, 0.5, (n, 1))
    t = np.arange(length + 2)[None]
    series = a * np.sin(f * t + rng.uniform(0, 6.28, (n, 1))) + 0.05 * rng.normal(size=(n, length + 2))
    return series[:, :length, None].astype("float32"), series[:, -1].astype("float32")


x_train, y_train = damped(2000)
x_test, y_test = damped(500)

i = Input(shape=(25, 1))
h = layers.LSTM(32)(i)
h = layers.Dense(16, activation="relu")(h)
o = layers.Dense(1, activation="sigmoid")(h)
m = Model(i, o)
m.compile(optimizer=optimizers.Adam(5e-3), loss="mse")
m.fit(x_train, y_train, epochs=18, batch_size=32, validation_split=0.2, verbose=2)

p = m.predict(x_test, verbose=0)[:, 0]
print("r2:", 1 - np.mean((p - y_test) ** 2) / np.var(y_test))
