"""Variational autoencoder of daily load curves (Keras 3, loss terms by add_loss)."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers, ops

SEED = 9
keras.utils.set_random_seed(SEED)


class Sampling(layers.Layer):
    def __init__(self, beta, **kwargs):
        super().__init__(**kwargs)
        self.beta = beta
        self.seed_generator = keras.random.SeedGenerator(1337)

    def call(self, inputs):
        z_mean, z_log_var = inputs
        kl = -0.5 * ops.sum(1 + z_log_var - ops.square(z_mean) - ops.exp(z_log_var), axis=-1)
        self.add_loss(self.beta * ops.mean(kl))
        noise = keras.random.normal(ops.shape(z_mean), seed=self.seed_generator)
        return z_mean + ops.exp(0.5 * z_log_var) * noise


def curves(n, rng):
    h = np.arange(24)
    morning = np.exp(-0.5 * ((h - rng.normal(8, 1.2, (n, 1))) / 2) ** 2) * rng.uniform(0.3, 1, (n, 1))
    evening = np.exp(-0.5 * ((h - rng.normal(19, 1.2, (n, 1))) / 2.5) ** 2) * rng.uniform(0.5, 1.2, (n, 1))
    return (0.2 + morning + evening + 0.02 * rng.normal(size=(n, 24))).astype("float32")


rng = np.random.default_rng(SEED)
train, test = curves(2000, rng), curves(400, rng)
mean, std = train.mean(0), train.std()
train, test = (train - mean) / std, (test - mean) / std

x = keras.Input((24,))
h = layers.Dense(64, activation="relu")(x)
z_mean, z_log_var = layers.Dense(4, name="z_mean")(h), layers.Dense(4, name="z_log_var")(h)
z = Sampling(beta=0.002)([z_mean, z_log_var])
decoder = keras.Sequential([layers.Dense(64, activation="relu"), layers.Dense(24)], name="decoder")
vae = keras.Model(x, decoder(z))
vae.compile(keras.optimizers.Adam(2e-3), loss="mse")
vae.fit(train, train, epochs=35, batch_size=64, verbose=0,
        callbacks=[keras.callbacks.CSVLogger("vae_log.csv"), keras.callbacks.TerminateOnNaN()])
for line in open("vae_log.csv").read().splitlines()[::7]:
    print(line)
new = decoder(keras.random.normal((500, 4), seed=1))
print("spread of drawn curves against real ones:", round(float(np.std(new) / test.std()), 3))
err = np.mean((vae.predict(test, verbose=0) - test) ** 2)
print("share of variance reconstructed:", round(1 - float(err) / float(test.var()), 4))
