"""Variational autoencoder on synthetic spectra (Keras 3, add_loss in a sampling layer)."""
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers, ops

keras.utils.set_random_seed(91)
rng = np.random.default_rng(91)


def spectra(n):
    grid = np.linspace(-3, 3, 40)[None]
    centre, height = rng.uniform(-1.5, 1.5, (n, 1)), rng.uniform(0.5, 1.5, (n, 1))
    return (height * np.exp(-((grid - centre) ** 2) / 0.5) + 0.02 * rng.normal(size=(n, 40))).astype("float32")


class Sampling(layers.Layer):
    def __init__(self, beta, **kw):
        super().__init__(**kw)
        self.beta = beta
        self.seed_generator = keras.random.SeedGenerator(5)

    def call(self, inputs):
        mean, log_var = inputs
        kl = -0.5 * ops.mean(ops.sum(1 + log_var - ops.square(mean) - ops.exp(log_var), -1))
        self.add_loss(self.beta * kl)
        return mean + ops.exp(0.5 * log_var) * keras.random.normal(ops.shape(mean), seed=self.seed_generator)


x_in = keras.Input((40,))
h = layers.Dense(64, activation="relu")(x_in)
mean, log_var = layers.Dense(3)(h), layers.Dense(3)(h)
z = Sampling(2e-4)([mean, log_var])
out = layers.Dense(40)(layers.Dense(64, activation="relu")(z))
vae = keras.Model(x_in, out)
vae.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
train, test = spectra(2500), spectra(500)
vae.fit(train, train, epochs=20, batch_size=50, verbose=2)
rebuilt = vae.predict(test, verbose=0)
print("share of variance rebuilt", 1 - np.mean((rebuilt - test) ** 2) / test.var())
