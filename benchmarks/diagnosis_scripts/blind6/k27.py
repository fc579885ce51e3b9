import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import ops

# Word level language model, output matrix tied to the embedding
keras.utils.set_random_seed(33)
rng = np.random.default_rng(33)

V, D, T = 40, 32, 12
trans = np.zeros((V, V))
for w in range(V):
    nxt = rng.choice(V, 3, replace=False)
    trans[w, nxt] = [0.7, 0.2, 0.1]
tokens = [0]
for _ in range(9000):
    tokens.append(rng.choice(V, p=trans[tokens[-1]]))
tokens = np.array(tokens)
best = -np.mean(np.log(trans[tokens[:-1], tokens[1:]]))


@keras.saving.register_keras_serializable()
class TiedLM(keras.Model):
    def __init__(self, vocab, dim, **kw):
        super().__init__(**kw)
        self.embed = keras.layers.Embedding(vocab, dim)
        self.rnn = keras.layers.LSTM(dim, return_sequences=True)
        self.drop = keras.layers.Dropout(0.1)
        self.vocab = vocab

    def build(self, shape):
        self.embed.build(shape)
        self.rnn.build((*shape, self.embed.output_dim))
        self.bias = self.add_weight(shape=(self.vocab,), initializer="zeros", name="bias")

    def call(self, ids, training=None):
        h = self.drop(self.rnn(self.embed(ids)), training=training)
        return ops.matmul(h, ops.transpose(self.embed.embeddings)) + self.bias


def cut(ids):
    n = (len(ids) - 1) // T
    return ids[: n * T].reshape(n, T), ids[1 : n * T + 1].reshape(n, T)


x, y = cut(tokens[:7500])
vx, vy = cut(tokens[7500:])
lm = TiedLM(V, D)
lm.compile(
    optimizer=keras.optimizers.Adam(keras.optimizers.schedules.ExponentialDecay(0.01, 200, 0.7)),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
)
lm.fit(x, y, batch_size=16, epochs=20, validation_data=(vx, vy), verbose=2)
nll = lm.evaluate(vx, vy, verbose=0)
print(f"source entropy {best:.3f}")
print(f"validation perplexity {np.exp(nll):.3f}, of the source itself {np.exp(best):.3f}")
print(f"perplexity over the best possible {np.exp(nll - best):.3f}")
