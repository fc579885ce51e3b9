import os
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops


class BinaryCode(layers.Layer):
    """Turns activations into bits, so that the code can be stored compactly."""

    def call(self, h):
        return ops.round(ops.sigmoid(h))


def patterns(n, rng):
    """Bars: 6x6 pictures with one or two full rows/columns."""
    img = np.zeros((n, 6, 6), dtype="float32")
    for i in range(n):
        for _ in range(rng.integers(1, 3)):
            k = rng.integers(6)
            if rng.random() < 0.5:
                img[i, k, :] = 1
            else:
                img[i, :, k] = 1
    flip = rng.random(img.shape) < 0.02
    return np.abs(img - flip).reshape(n, 36)


keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)
train, test = patterns(2500, rng), patterns(500, rng)

encoder = keras.Sequential([layers.Input((36,)), layers.Dense(48, activation="relu"), layers.Dense(8), BinaryCode()])
decoder = keras.Sequential([layers.Input((8,)), layers.Dense(64, activation="relu"), layers.Dense(36, activation="sigmoid")])

pixels = keras.Input((36,))
autoencoder = keras.Model(pixels, decoder(encoder(pixels)))
autoencoder.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy")
autoencoder.fit(train, train, epochs=25, batch_size=50, validation_data=(test, test), verbose=2)

codes = encoder.predict(test, verbose=0)
print("distinct codes:", len(np.unique(codes, axis=0)))
restored = autoencoder.predict(test, verbose=0) > 0.5
print("pictures restored without an error in more than 2 pixels:", ((restored != (test > 0.5)).sum(1) <= 2).mean())
