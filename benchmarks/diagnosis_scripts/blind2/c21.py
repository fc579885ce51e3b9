import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(80)
rng = np.random.default_rng(80)
A = rng.normal(size=(6, 24))


def source_task(n):
    z = rng.normal(size=(n, 6))
    return np.tanh(z @ A / 2).astype("float32"), z.astype("float32")


def target_task(n):
    x, z = source_task(n)
    return x, (z[:, 0] * 1.2 - z[:, 3] + 0.5 * z[:, 5] > 0).astype("float32")


base = keras.Sequential([layers.Input((24,)), layers.Dense(64, activation="relu"), layers.Dense(32, activation="relu")])
pre = keras.Sequential([base, layers.Dense(6)])
pre.compile("adam", "mse")
pre.fit(*source_task(4000), epochs=12, batch_size=64, verbose=2)

base.trainable = False
clf = keras.Sequential([base, layers.Dropout(0.1), layers.Dense(1, activation="sigmoid")])
clf.compile(keras.optimizers.Adam(1e-2), "binary_crossentropy", metrics=["accuracy"])
x, y = target_task(400)
clf.fit(x, y, epochs=20, batch_size=20, verbose=2)

# a few epochs more with everything trainable and a small rate
base.trainable = True
clf.compile(keras.optimizers.Adam(1e-4), "binary_crossentropy", metrics=["accuracy"])
clf.fit(x, y, epochs=5, batch_size=20, verbose=2)
print("accuracy on new records", clf.evaluate(*target_task(1000), verbose=0)[1])
