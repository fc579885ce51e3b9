import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(12)
rng = np.random.default_rng(12)


def images(n):
    """12x12 pictures of a cross, a ring, a bar or nothing much."""
    x = 0.3 * rng.normal(size=(n, 12, 12, 1)).astype("float32")
    k = rng.integers(0, 4, n)
    for i in range(n):
        r, c = rng.integers(0, 8, 2)
        if k[i] == 0:
            x[i, r + 2, c:c + 5, 0] += 1; x[i, r:r + 5 if r + 5 <= 12 else 12, c + 2 if c + 2 < 12 else 11, 0] += 1
        elif k[i] == 1:
            x[i, r, c:c + 4, 0] += 1; x[i, r + 3, c:c + 4, 0] += 1; x[i, r:r + 4, c, 0] += 1; x[i, r:r + 4, c + 3, 0] += 1
        elif k[i] == 2:
            x[i, r:r + 4, c, 0] += 1.5
    return x, k


def backbone():
    return keras.Sequential([
        layers.Input((12, 12, 1)),
        layers.Conv2D(16, 3, activation="relu"), layers.MaxPooling2D(),
        layers.Conv2D(32, 3, activation="relu"), layers.GlobalAveragePooling2D(),
        layers.Dense(8, activation="relu"),
    ], name="backbone")


base = backbone()
base.trainable = False
model = keras.Sequential([base, layers.Dense(4, activation="softmax")])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
x, y = images(1500)
xt, yt = images(500)
model.fit(x, y, epochs=20, batch_size=32, verbose=2)
print("accuracy", model.evaluate(xt, yt, verbose=0)[1])
