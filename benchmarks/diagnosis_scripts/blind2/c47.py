"""Siamese network with the contrastive loss of Hadsell et al."""
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(131)
rng = np.random.default_rng(131)
prototypes = rng.normal(size=(12, 20))


def pairs(n):
    a = rng.integers(0, 12, n)
    same = rng.integers(0, 2, n)
    b = np.where(same == 1, a, (a + rng.integers(1, 12, n)) % 12)
    one, two = (prototypes[i] + 0.8 * rng.normal(size=(n, 20)) for i in (a, b))
    return [one.astype("float32"), two.astype("float32")], (1 - same).astype("float32")[:, None]


def contrastive(y, d, margin=1.0):
    return ops.mean((1 - y) * ops.square(d) + y * ops.square(ops.maximum(margin - d, 0.0)))


tower = keras.Sequential([layers.Input((20,)), layers.Dense(64, activation="relu"), layers.Dense(8)])
left, right = keras.Input((20,)), keras.Input((20,))
distance = layers.Lambda(lambda t: ops.sqrt(ops.sum(ops.square(t[0] - t[1]), -1, keepdims=True) + 1e-6),
                         output_shape=(1,))([tower(left), tower(right)])
model = keras.Model([left, right], distance)
model.compile(keras.optimizers.Adam(2e-3), loss=contrastive)
xp, yp = pairs(4000)
model.fit(xp, yp, epochs=20, batch_size=64, verbose=2)
xt, yt = pairs(1000)
d = model.predict(xt, verbose=0)
print("pairs judged right", ((d > 0.5) == (yt > 0.5)).mean())
