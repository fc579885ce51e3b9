import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers

keras.utils.set_random_seed(1)


class GAN(keras.Model):
    """Learns a two-dimensional Gaussian blob far from the origin."""

    def __init__(self, latent_dim=4):
        super().__init__()
        self.latent_dim = latent_dim
        self.generator = keras.Sequential(
            [layers.Input((latent_dim,)), layers.Dense(32, activation="relu"), layers.Dense(2)]
        )
        self.discriminator = keras.Sequential(
            [
                layers.Input((2,)),
                layers.Dense(32),
                layers.LeakyReLU(0.2),
                layers.Dense(32),
                layers.LeakyReLU(0.2),
                layers.Dense(1),
            ]
        )
        self.d_loss_tracker = keras.metrics.Mean(name="d_loss")
        self.g_loss_tracker = keras.metrics.Mean(name="g_loss")
        self.built = True

    def compile(self, d_optimizer, g_optimizer, loss_fn):
        super().compile()
        self.d_optimizer = d_optimizer
        self.g_optimizer = g_optimizer
        self.loss_fn = loss_fn

    @property
    def metrics(self):
        return [self.d_loss_tracker, self.g_loss_tracker]

    def train_step(self, real):
        if isinstance(real, tuple):
            real = real[0]
        n = real.shape[0]
        fake = self.generator(keras.random.normal((n, self.latent_dim))).detach()
        both = torch.cat([real, fake])
        labels = torch.cat([torch.ones((n, 1)), torch.zeros((n, 1))])
        self.zero_grad()
        d_loss = self.loss_fn(labels, self.discriminator(both))
        d_loss.backward()
        weights = list(self.discriminator.trainable_weights)
        with torch.no_grad():
            self.d_optimizer.apply([w.value.grad for w in weights], weights)

        self.zero_grad()
        z = keras.random.normal((n, self.latent_dim))
        g_loss = self.loss_fn(torch.ones((n, 1)), self.discriminator(self.generator(z)))
        g_loss.backward()
        weights = list(self.generator.trainable_weights)
        with torch.no_grad():
            self.g_optimizer.apply([w.value.grad for w in weights], weights)
        self.d_loss_tracker.update_state(d_loss)
        self.g_loss_tracker.update_state(g_loss)
        return {m.name: m.result() for m in self.metrics}


target_mean = np.array([2.0, -1.0])
data = (np.random.normal(size=(1024, 2)) * [0.7, 0.4] + target_mean).astype("float32")

gan = GAN()
gan.compile(
    d_optimizer=keras.optimizers.Adam(2e-3, beta_1=0.5),
    g_optimizer=keras.optimizers.Adam(1e-3, beta_1=0.5),
    loss_fn=keras.losses.BinaryCrossentropy(from_logits=True),
)
gan.fit(data, batch_size=64, epochs=25, verbose=2)

made = keras.ops.convert_to_numpy(gan.generator(keras.random.normal((2000, 4))))
print("made mean", made.mean(0).round(2), "std", made.std(0).round(2))
print("distance of the means: %.3f" % np.linalg.norm(made.mean(0) - target_mean))
