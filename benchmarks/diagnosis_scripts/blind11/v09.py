"""Seq2seq with teacher forcing: spell a number word list backwards (toy task from the course)."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

PAD, BOS = 0, 1
SYMBOLS = 8
LEN = 6


def pairs(n, seed):
    r = np.random.default_rng(seed)
    src = r.integers(2, 2 + SYMBOLS, size=(n, LEN))
    tgt = src[:, ::-1].copy()
    dec_in = np.concatenate([np.full((n, 1), BOS), tgt[:, :-1]], axis=1)
    return src, dec_in, tgt


def build(units=64):
    enc_in = keras.Input((LEN,), dtype="int32", name="src")
    dec_in = keras.Input((None,), dtype="int32", name="dec")
    emb = layers.Embedding(2 + SYMBOLS, 16)
    _, state = layers.GRU(units, return_state=True, name="enc")(emb(enc_in))
    seq = layers.GRU(units, return_sequences=True, name="decoder")(emb(dec_in), initial_state=state)
    logits = layers.Dense(2 + SYMBOLS, name="vocab")(seq)
    return keras.Model([enc_in, dec_in], logits)


def greedy(model, src):
    dec = np.full((len(src), LEN), PAD)
    dec[:, 0] = BOS
    out = np.zeros((len(src), LEN), int)
    for t in range(LEN):
        out[:, t] = model.predict([src, dec], verbose=0, batch_size=256)[:, t].argmax(-1)
        if t + 1 < LEN:
            dec[:, t + 1] = out[:, t]
    return out


SEED = 2
keras.utils.set_random_seed(SEED)
src, dec, tgt = pairs(4000, SEED)
model = build()
model.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["sparse_categorical_accuracy"],
)
model.fit([src, dec], tgt, batch_size=64, epochs=14, validation_split=0.1, verbose=2)
src, _, tgt = pairs(256, SEED + 1000)
out = greedy(model, src)
print("e.g.", src[0], "->", out[0])
print("token accuracy of greedy decoding:", (out == tgt).mean())
