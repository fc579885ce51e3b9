import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers, ops


class LeakyCell(layers.Layer):
    """h <- (1 - a) h + a tanh(W x + U h), one leak a unit, learnt."""

    def __init__(self, units, **kw):
        super().__init__(**kw)
        self.units = units
        self.state_size = units

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1], self.units), initializer="glorot_uniform")
        self.u = self.add_weight(shape=(self.units, self.units), initializer="orthogonal")
        self.leak = self.add_weight(shape=(self.units,), initializer=keras.initializers.RandomUniform(-2, 1))

    def call(self, x, states):
        h, = states
        a = ops.sigmoid(self.leak)
        h = (1 - a) * h + a * ops.tanh(x @ self.w + h @ self.u)
        return h, [h]


keras.utils.set_random_seed(101)
rng = np.random.default_rng(101)


def balance(n):
    x = rng.normal(size=(n, 20, 2)).astype("float32")
    return x, (x[:, :, 0] - x[:, :, 1]).sum(1) > 0


x, y = balance(2000)
xt, yt = balance(600)
model = keras.Sequential([layers.Input((20, 2)), layers.RNN(LeakyCell(24)), layers.Dense(1)])
model.compile(keras.optimizers.Adam(5e-3), keras.losses.BinaryCrossentropy(from_logits=True),
              metrics=[keras.metrics.BinaryAccuracy(threshold=0.0)])
model.fit(x, y.astype("float32"), epochs=12, batch_size=32, verbose=2)
print("accuracy", model.evaluate(xt, yt.astype("float32"), verbose=0)[1])
