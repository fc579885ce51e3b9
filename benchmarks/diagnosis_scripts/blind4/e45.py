"""California-housing-like regression with the functional API."""
import os

os.environ.setdefault("KERAS_BACKEND", "torch")

import numpy as np
import keras

keras.utils.set_random_seed(99)


def houses(n=6000, seed=99):
    rng = np.random.default_rng(seed)
    f = rng.normal(size=(n, 8))
    price = (
        1.2 * np.tanh(f[:, 0])
        + 0.8 * f[:, 1] * f[:, 2]
        - 0.6 * np.abs(f[:, 3])
        + 0.5 * np.sin(2 * f[:, 4])
        + 0.15 * rng.normal(size=n)
    )
    price = (price - price.mean()) / price.std()
    return f.astype("float32"), price.astype("float32")


x, y = houses()
n_train = 5000
x_train, y_train = x[:n_train], y[:n_train]
x_val, y_val = x[n_train:], y[n_train:]

inp = keras.layers.Input((8,), name="features")
z = keras.layers.Dense(64, activation="relu")(inp)
z = keras.layers.Dense(64, activation="relu")(z)
out = keras.layers.Dense(1, name="price")(z)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(0.001), loss="mse", metrics=["mae"])

hist = model.fit(x_train, y_train, batch_size=n_train, epochs=25, validation_data=(x_val, y_val), verbose=0)
for i in range(0, 25, 4):
    print(i, {k: round(v[i], 4) for k, v in hist.history.items()})

pred = model.predict(x_val, verbose=0)[:, 0]
r2 = 1 - np.sum((y_val - pred) ** 2) / np.sum((y_val - y_val.mean()) ** 2)
print("validation R2 = %.4f" % r2)
