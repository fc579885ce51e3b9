"""Binary codes for event sequences (10 bits), trained through the threshold."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers, ops

keras.utils.set_random_seed(29)


class Binarise(layers.Layer):
    def call(self, h, training=None):
        p = ops.sigmoid(h)
        hard = ops.cast(p > 0.5, "float32")
        if training:
            return p + ops.stop_gradient(hard - p)
        return hard


def sources(n, rng, vocab=12, steps=10, k=6):
    table = np.random.default_rng(7).dirichlet(np.full(vocab, 0.3), size=k)
    label = rng.integers(0, k, n)
    seq = np.array([rng.choice(vocab, size=steps, p=table[c]) for c in label])
    return seq, label


class Hasher(keras.Model):
    def __init__(self, bits=10, classes=6):
        super().__init__()
        self.embed = layers.Embedding(12, 8)
        self.rnn = layers.LSTM(20)
        self.project = layers.Dense(bits)
        self.binarise = Binarise()
        self.head = layers.Dense(classes)

    def code(self, x, training=None):
        return self.binarise(self.project(self.rnn(self.embed(x))), training=training)

    def call(self, x, training=None):
        return self.head(self.code(x, training))


rng = np.random.default_rng(29)
x_train, y_train = sources(1800, rng)
x_val, y_val = sources(400, rng)
model = Hasher()
model.compile(
    optimizer=keras.optimizers.Nadam(6e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit(x_train, y_train, epochs=8, batch_size=50, verbose=2)
codes = ops.convert_to_numpy(model.code(x_val)).astype(int)
print("codes of the first three:", ["".join(map(str, c)) for c in codes[:3]])
print("validation accuracy %.3f" % model.evaluate(x_val, y_val, batch_size=400, verbose=0)[1])
