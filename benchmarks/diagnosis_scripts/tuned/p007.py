import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)
N_LABELLED = 10


def blobs(n):
    """Two kinds of cells: round (0) and stretched (1), anywhere in the frame."""
    y = rng.integers(0, 2, n)
    yy, xx = np.mgrid[:16, :16]
    img = np.empty((n, 16, 16, 1), "float32")
    for i in range(n):
        cy, cx, a = rng.uniform(4, 12), rng.uniform(4, 12), rng.uniform(0, np.pi)
        u = (xx - cx) * np.cos(a) + (yy - cy) * np.sin(a)
        v = -(xx - cx) * np.sin(a) + (yy - cy) * np.cos(a)
        su, sv = (3.2, 1.2) if y[i] else (2.0, 2.0)
        img[i, :, :, 0] = np.exp(-(u / su) ** 2 - (v / sv) ** 2) + 0.15 * rng.standard_normal((16, 16))
    return img, y


x, y = blobs(N_LABELLED)
x_new, y_new = blobs(300)
model = keras.Sequential([
    keras.layers.Conv2D(16, 3, activation="relu"),
    keras.layers.MaxPooling2D(),
    keras.layers.Conv2D(32, 3, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(
    x, y, batch_size=32, verbose=2, validation_data=(x_new, y_new),
    epochs=60,
)
print("accuracy on new samples:", model.evaluate(x_new, y_new, verbose=0)[1])
