"""Denoising autoencoder for spectra, batch norm and early stopping."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(55)
rng = np.random.default_rng(55)


def spectra(n, width=48):
    grid = np.arange(width)
    out = np.zeros((n, width))
    for _ in range(2):
        centre = rng.uniform(8, 40, (n, 1))
        out += rng.uniform(0.4, 1.0, (n, 1)) * np.exp(-0.5 * ((grid - centre) / 3.0) ** 2)
    return out.astype("float32")


clean = spectra(3600)
noisy = clean + rng.normal(0, 0.2, clean.shape).astype("float32")
x_train, t_train = noisy[:3000], clean[:3000]
x_val, t_val = noisy[3000:], clean[3000:]

inp = keras.Input((48,))
z = layers.Dense(64, use_bias=False)(inp)
z = layers.BatchNormalization()(z)
z = layers.LeakyReLU()(z)
z = layers.Dense(16)(z)
z = layers.Dense(64, activation="leaky_relu")(z)
rec = layers.Dense(48)(z)
ae = keras.Model(inp, rec)
ae.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse")

callbacks = [
    keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True),
    keras.callbacks.LearningRateScheduler(lambda epoch, lr: lr * 0.9),
]
h = ae.fit(
    x_train, t_train, validation_data=(x_val, t_val), epochs=15, batch_size=64, validation_batch_size=600,
    callbacks=callbacks, verbose=2,
)
mse = ae.evaluate(x_val, t_val, batch_size=600, verbose=0)
print("noise removed: %.3f" % (1 - mse / np.mean((x_val - t_val) ** 2)))
