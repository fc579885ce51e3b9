"""Encoder-decoder with teacher forcing (Keras functional API): reverse a sequence of digits."""
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)
DIGITS, L, START = 8, 5, 8


def data(n):
    src = rng.integers(0, DIGITS, (n, L))
    tgt = src[:, ::-1]
    dec_in = np.concatenate([np.full((n, 1), START), tgt[:, :-1]], 1)
    return src, dec_in, tgt


enc_in = keras.Input((L,), dtype="int32")
emb = layers.Embedding(DIGITS + 1, 24)
_, h, c = layers.LSTM(96, return_state=True)(emb(enc_in))
dec_input = keras.Input((L,), dtype="int32")
seq = layers.LSTM(96, return_sequences=True)(emb(dec_input), initial_state=[h, c])
probs = layers.Dense(DIGITS, activation="softmax")(seq)
model = keras.Model([enc_in, dec_input], probs)
model.compile(keras.optimizers.Adam(8e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])

src, dec_in, tgt = data(4000)
model.fit([src, dec_in], tgt, batch_size=64, epochs=16, verbose=2, validation_split=0.1)

src, _, tgt = data(300)
out = np.full((300, L), START)
for step in range(L):
    p = model.predict([src, out], verbose=0)
    if step + 1 < L:
        out[:, step + 1] = p[:, step].argmax(-1)
final = p.argmax(-1)
print("digits right in free running:", (final == tgt).mean())
