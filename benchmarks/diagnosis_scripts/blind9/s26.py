"""Tiny digit-like glyphs, CNN with batch norm, dropout and smoothed labels."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import argparse

import keras
import numpy as np
from keras import layers

ap = argparse.ArgumentParser()
ap.add_argument("--epochs", type=int, default=8)
ap.add_argument("--smooth", type=float, default=0.1)
ap.add_argument("--seed", type=int, default=90)
opt = ap.parse_args()

keras.utils.set_random_seed(opt.seed)
rng = np.random.default_rng(opt.seed)
glyphs = (rng.random((10, 6, 6)) < 0.45).astype("float32")


def draw(n):
    label = rng.integers(0, 10, n)
    img = np.zeros((n, 10, 10, 1), "float32")
    for i, k in enumerate(label):
        dy, dx = rng.integers(0, 5, 2)
        img[i, dy : dy + 6, dx : dx + 6, 0] = glyphs[k]
    return img + rng.normal(0, 0.25, img.shape).astype("float32"), keras.utils.to_categorical(label, 10)


x, y = draw(2000)
x_val, y_val = draw(500)

model = keras.Sequential([layers.Input((10, 10, 1))])
for filters in (16, 32):
    model.add(layers.Conv2D(filters, 3, padding="same", use_bias=False))
    model.add(layers.BatchNormalization())
    model.add(layers.ReLU())
    model.add(layers.MaxPooling2D())
model.add(layers.Flatten())
model.add(layers.Dropout(0.3))
model.add(layers.Dense(10))
model.compile(
    optimizer=keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=opt.smooth),
    metrics=["accuracy"],
)
model.fit(
    x,
    y,
    batch_size=50,
    epochs=opt.epochs,
    validation_data=(x_val, y_val),
    validation_batch_size=500,
    callbacks=[keras.callbacks.ReduceLROnPlateau(patience=1, factor=0.3, verbose=1)],
    verbose=2,
)
print("top-1 %.3f" % model.evaluate(x_val, y_val, batch_size=500, verbose=0)[1])
