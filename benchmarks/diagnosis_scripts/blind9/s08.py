"""A GAN that learns a ring of points. Generator and discriminator in one keras.Model."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
import torch
from keras import layers, ops

keras.utils.set_random_seed(0)
LATENT = 4


class RingGAN(keras.Model):
    def __init__(self):
        super().__init__()
        self.gen = keras.Sequential(
            [layers.Input((LATENT,)), layers.Dense(48, "relu"), layers.Dense(48, "relu"), layers.Dense(2)]
        )
        self.disc = keras.Sequential(
            [layers.Input((2,)), layers.Dense(48, "leaky_relu"), layers.Dense(48, "leaky_relu"), layers.Dense(1)]
        )
        self.d_loss = keras.metrics.Mean(name="d_loss")
        self.g_loss = keras.metrics.Mean(name="g_loss")
        self.bce = keras.losses.BinaryCrossentropy(from_logits=True)
        self.built = True

    @property
    def metrics(self):
        return [self.d_loss, self.g_loss]

    def compile(self, d_opt, g_opt):
        super().compile()
        self.d_opt, self.g_opt = d_opt, g_opt

    def call(self, z):
        return self.gen(z)

    def train_step(self, real):
        if isinstance(real, tuple):
            real = real[0]
        n = real.shape[0]
        # discriminator
        fake = self.gen(keras.random.normal((n, LATENT)))
        logits = self.disc(ops.concatenate([real, fake.detach()]))
        target = ops.concatenate([ops.ones((n, 1)) * 0.9, ops.zeros((n, 1))])
        loss_d = self.bce(target, logits)
        self.zero_grad()
        loss_d.backward()
        w = self.disc.trainable_weights
        with torch.no_grad():
            self.d_opt.apply([v.value.grad for v in w], w)
        # generator
        logits = self.disc(self.gen(keras.random.normal((n, LATENT))))
        loss_g = self.bce(ops.ones((n, 1)), logits)
        self.zero_grad()
        loss_g.backward()
        w = self.gen.trainable_weights
        with torch.no_grad():
            self.g_opt.apply([v.value.grad for v in w], w)
        self.d_loss.update_state(loss_d)
        self.g_loss.update_state(loss_g)
        return {m.name: m.result() for m in self.metrics}


rng = np.random.default_rng(0)
angle = rng.uniform(0, 2 * np.pi, 4096)
points = np.stack([np.cos(angle), np.sin(angle)], 1) + rng.normal(0, 0.05, (4096, 2))
points = points.astype("float32")

gan = RingGAN()
gan.compile(keras.optimizers.Adam(1e-3, beta_1=0.5), keras.optimizers.Adam(1e-3, beta_1=0.5))
gan.fit(points, epochs=20, batch_size=128, verbose=2)

made = ops.convert_to_numpy(gan.gen(keras.random.normal((2000, LATENT))))
radius = np.linalg.norm(made, axis=1)
sector = np.histogram(np.arctan2(made[:, 1], made[:, 0]), bins=8, range=(-np.pi, np.pi))[0]
print("radius %.3f +- %.3f" % (radius.mean(), radius.std()), "points per sector", sector)
print("share near the ring: %.3f" % np.mean(np.abs(radius - 1) < 0.25))
