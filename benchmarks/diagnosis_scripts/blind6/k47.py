"""CNN with batch norm, dropout, input noise and label smoothing on small drawn digits."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(29)
GLYPHS = [
    ["111", "101", "101", "101", "111"], ["010", "110", "010", "010", "111"], ["111", "001", "111", "100", "111"],
    ["111", "001", "111", "001", "111"], ["101", "101", "111", "001", "001"], ["111", "100", "111", "001", "111"],
]


def digits(n):
    y = np.random.randint(0, len(GLYPHS), n)
    x = np.random.normal(0, 0.3, (n, 12, 12, 1))
    for i, k in enumerate(y):
        g = np.array([[int(c) for c in row] for row in GLYPHS[k]], dtype=float)
        g = np.kron(g, np.ones((2, 2)))
        r, c = np.random.randint(0, 3), np.random.randint(0, 7)
        x[i, r : r + 10, c : c + 6, 0] += g
    return x.astype("float32"), keras.utils.to_categorical(y, len(GLYPHS))


x_train, y_train = digits(800)
x_test, y_test = digits(300)

inputs = keras.Input((12, 12, 1))
h = layers.GaussianNoise(0.1)(inputs)
for filters in (8, 16):
    h = layers.Conv2D(filters, 3, padding="same", use_bias=False)(h)
    h = layers.BatchNormalization(momentum=0.9)(h)
    h = layers.Activation("relu")(h)
    h = layers.MaxPooling2D()(h)
h = layers.Flatten()(h)
h = layers.Dropout(0.3)(h)
outputs = layers.Dense(len(GLYPHS), activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(
    optimizer=keras.optimizers.Adam(3e-3),
    loss=keras.losses.CategoricalCrossentropy(label_smoothing=0.1),
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=8, batch_size=32, validation_data=(x_test, y_test), verbose=2)
print("test accuracy %.4f" % model.evaluate(x_test, y_test, verbose=0)[1])
