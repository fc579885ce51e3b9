"""Transfer learning in small: train a conv net on 6 shapes, keep its body, learn 3 new ones."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers


def shapes(n, classes, rng, size=12):
    """Stripes at an angle that depends on the class, anywhere in the image."""
    label = rng.integers(0, len(classes), n)
    yy, xx = np.mgrid[:size, :size] / size
    images = np.empty((n, size, size, 1), "float32")
    for i, k in enumerate(label):
        a = classes[k]
        wave = np.sin(2 * np.pi * 2.5 * (np.cos(a) * xx + np.sin(a) * yy) + rng.uniform(0, 6.28))
        images[i, :, :, 0] = wave + rng.normal(0, 0.5, (size, size))
    return images, label


def body():
    return keras.Sequential(
        [
            layers.Input((12, 12, 1)),
            layers.Conv2D(12, 5, activation="relu"),
            layers.Conv2D(16, 3, activation="relu"),
            layers.GlobalMaxPooling2D(),
        ],
        name="body",
    )


keras.utils.set_random_seed(10)
rng = np.random.default_rng(10)
old = [i * np.pi / 6 for i in range(6)]
new = [0.25, 1.25, 2.3]

x, y = shapes(1200, old, rng)
features = body()
pre = keras.Sequential([features, layers.Dense(6)])
pre.compile(
    keras.optimizers.Adam(5e-3), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
)
print("pre-training", pre.fit(x, y, epochs=8, batch_size=40, verbose=0).history["accuracy"][-1])

features.trainable = False
x, y = shapes(240, new, rng)
x_val, y_val = shapes(300, new, rng)
tuned = keras.Sequential([features, layers.Dense(3)])
tuned.compile(
    keras.optimizers.Adam(2e-2), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"]
)
print("weights to learn:", sum(int(np.prod(w.shape)) for w in tuned.trainable_weights))
stop = keras.callbacks.EarlyStopping("val_loss", patience=4, restore_best_weights=True)
h = tuned.fit(x, y, validation_data=(x_val, y_val), epochs=20, batch_size=24, callbacks=[stop], verbose=0)
print("val_loss", [round(v, 3) for v in h.history["val_loss"]])
print("accuracy on new shapes %.3f" % tuned.evaluate(x_val, y_val, verbose=0, batch_size=300)[1])
