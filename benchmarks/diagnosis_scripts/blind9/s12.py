"""Number reversal, seq2seq with teacher forcing and attention."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

START, DIGITS, LENGTH = 10, 10, 5
keras.utils.set_random_seed(123)


def batch_of(n, rng):
    src = rng.integers(0, DIGITS, (n, LENGTH))
    tgt = src[:, ::-1]
    dec = np.concatenate([np.full((n, 1), START), tgt[:, :-1]], axis=1)
    return src, dec, tgt


def make_model(units=64):
    enc_in = keras.Input((LENGTH,), dtype="int32", name="source")
    dec_in = keras.Input((LENGTH,), dtype="int32", name="previous")
    embed = layers.Embedding(DIGITS + 1, 24)
    enc_out, h, c = layers.LSTM(units, return_sequences=True, return_state=True)(embed(enc_in))
    dec_out = layers.LSTM(units, return_sequences=True)(embed(dec_in), initial_state=[h, c])
    context = layers.Attention(use_scale=True)([dec_out, enc_out])
    both = layers.Concatenate()([dec_out, context])
    logits = layers.Dense(DIGITS)(both)
    return keras.Model([enc_in, dec_in], logits)


rng = np.random.default_rng(123)
src, dec, tgt = batch_of(3200, rng)
model = make_model()
model.compile(
    optimizer=keras.optimizers.Adam(1e-2, global_clipnorm=1.0),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["sparse_categorical_accuracy"],
)
model.fit([src, dec], tgt, batch_size=64, epochs=6, verbose=2)

# greedy decoding
src, _, tgt = batch_of(300, np.random.default_rng(5))
prev = np.full((300, LENGTH), START)
for i in range(LENGTH):
    out = model.predict([src, prev], batch_size=300, verbose=0).argmax(-1)
    if i + 1 < LENGTH:
        prev[:, i + 1] = out[:, i]
print("example", src[0], "->", out[0])
print("whole sequences right: %.3f" % np.mean((out == tgt).all(axis=1)))
