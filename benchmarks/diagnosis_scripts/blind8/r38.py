import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(33)
rng = np.random.default_rng(33)
L, V = 5, 9  # tokens 1..7, 0 start, 8 unused


class Seq2Seq(keras.Model):
    def __init__(self, units=48, dim=16):
        super().__init__()
        self.emb = layers.Embedding(V, dim)
        self.encoder = layers.GRU(units, return_state=True)
        self.decoder = layers.GRU(units, return_sequences=True)
        self.out = layers.Dense(V)

    def call(self, inputs):
        src, prev = inputs
        _, state = self.encoder(self.emb(src))
        return self.out(self.decoder(self.emb(prev), initial_state=state))


src = rng.integers(1, 8, size=(2600, L))
tgt = np.sort(src, axis=1)
prev = np.concatenate([np.zeros((len(src), 1), dtype=src.dtype), tgt[:, :-1]], 1)

model = Seq2Seq()
model.compile(
    optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(1e-2, 16 * 40)),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
model.fit([src[:2000], prev[:2000]], tgt[:2000], batch_size=50, epochs=16, verbose=2)

out = np.zeros((600, L), dtype=src.dtype)
feed = np.zeros((600, L), dtype=src.dtype)
for i in range(L):
    out[:, i] = np.argmax(model.predict([src[2000:], feed], batch_size=600, verbose=0)[:, i], -1)
    if i + 1 < L:
        feed[:, i + 1] = out[:, i]
print("sorted correctly without help:", (out == tgt[2000:]).all(1).mean())
