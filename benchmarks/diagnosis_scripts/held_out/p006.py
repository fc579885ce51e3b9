import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import ops


def pinball(q):
    def loss(y_true, y_pred):
        e = y_true - y_pred
        return ops.mean(ops.maximum(q * e, (q - 1) * e), axis=-1)

    return loss


keras.utils.set_random_seed(205)
rng = np.random.default_rng(205)
x = rng.uniform(-2, 2, (2500, 1)).astype("float32")
y = (np.sin(2 * x) + (0.2 + 0.2 * np.abs(x)) * rng.standard_normal((2500, 1))).astype("float32")
model = keras.Sequential([
    keras.layers.Dense(32, activation="swish"),
    keras.layers.Dense(32, activation="swish"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(4e-3), loss=pinball(0.9))
model.fit(x[:2000], y[:2000], epochs=30, batch_size=50, verbose=2, validation_data=(x[2000:], y[2000:]))
below = (y[2000:] < model.predict(x[2000:], verbose=0)).mean()
print("below:", below, "coverage error", abs(below - 0.9))
