# Activity of a chemical sensor array: 5 gases, GRU over the response curve.
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers
from keras.initializers import Constant

SEED = 17
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

GASES, T, SENSORS = 5, 20, 6
rise = rng.uniform(0.5, 6.0, (GASES, SENSORS))
gain = rng.uniform(-1.0, 1.0, (GASES, SENSORS))


def curves(n):
    g = rng.integers(0, GASES, n)
    t = np.linspace(0, 1, T)[None, :, None]
    amount = rng.uniform(0.7, 1.4, (n, 1, 1))
    x = amount * gain[g][:, None, :] * (1 - np.exp(-rise[g][:, None, :] * t))
    x = x + 0.15 * rng.normal(size=(n, T, SENSORS))
    return x.astype("float32"), g


xtr, ytr = curves(1000)
xva, yva = curves(400)

# weights by hand, as in the MATLAB version of this net
init = Constant(0.1)
model = keras.Sequential(
    [
        layers.Input((T, SENSORS)),
        layers.GRU(32, kernel_initializer=init, recurrent_initializer=init),
        layers.Dense(32, activation="relu", kernel_initializer=init),
        layers.Dense(GASES, activation="softmax", kernel_initializer=init),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(xtr, ytr, epochs=20, batch_size=32, validation_data=(xva, yva), verbose=2)
print("validation accuracy:", model.evaluate(xva, yva, verbose=0)[1])
