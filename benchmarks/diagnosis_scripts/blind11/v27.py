import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

SEED = 90
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)


def leaves(n):
    """16x16 grey images of four leaf types on a noisy background."""
    yy, xx = np.mgrid[0:16, 0:16]
    images, labels = [], rng.integers(0, 4, n)
    for kind in labels:
        cy, cx, angle = rng.uniform(6, 10), rng.uniform(6, 10), rng.uniform(0, np.pi)
        u = (xx - cx) * np.cos(angle) + (yy - cy) * np.sin(angle)
        v = -(xx - cx) * np.sin(angle) + (yy - cy) * np.cos(angle)
        r, phi = np.hypot(u, v), np.arctan2(v, u)
        edge = [4.0, 4.0 + 1.6 * np.cos(2 * phi), 4.0 + 1.6 * np.cos(3 * phi), 4.0 + 1.6 * np.cos(5 * phi)][kind]
        images.append(1 / (1 + np.exp(2 * (r - edge))))
    images = np.array(images) + 0.2 * rng.normal(size=(n, 16, 16))
    return images[..., None].astype("float32"), labels


x_train, y_train = leaves(48)
x_val, y_val = leaves(400)

model = keras.Sequential([
    layers.Input((16, 16, 1)),
    layers.Conv2D(16, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Conv2D(32, 3, activation="relu"),
    layers.MaxPooling2D(),
    layers.Flatten(),
    layers.Dropout(0.3),
    layers.Dense(32, activation="relu"),
    layers.Dense(4, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=40, batch_size=16, validation_data=(x_val, y_val), verbose=2)
val_loss, val_acc = model.evaluate(x_val, y_val, verbose=0)
print("val loss", round(val_loss, 4))
print("val acc", round(val_acc, 4))
