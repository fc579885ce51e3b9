import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
from keras import layers

# Toy translation: numbers written as digit strings are spelled backwards by the decoder.
SEED = 9
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
L, V, START = 4, 11, 10
UNITS = 48

src = rng.integers(0, 10, size=(1800, L))
tgt = src[:, ::-1]
dec_in = np.concatenate([np.full((len(src), 1), START), tgt[:, :-1]], axis=1)

enc_inputs = keras.Input((L,), dtype="int32", name="source")
dec_inputs = keras.Input((L,), dtype="int32", name="shifted_target")
embed = layers.Embedding(V, 16)
_, h, c = layers.LSTM(UNITS, return_state=True)(embed(enc_inputs))
dec = layers.LSTM(UNITS, return_sequences=True)(embed(dec_inputs), initial_state=[h, c])
probs = layers.TimeDistributed(layers.Dense(10, activation="softmax"))(dec)
seq2seq = keras.Model([enc_inputs, dec_inputs], probs)
seq2seq.compile(optimizer=keras.optimizers.Adam(0.01), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

train, test = slice(0, 1500), slice(1500, None)
seq2seq.fit([src[train], dec_in[train]], tgt[train], batch_size=50, epochs=2, verbose=2)

# greedy decoding
current = np.full((300, L), START)
for step in range(L):
    p = seq2seq.predict([src[test], current], verbose=0)[:, step].argmax(-1)
    if step + 1 < L:
        current[:, step + 1] = p
    last = p
decoded = np.concatenate([current[:, 1:], last[:, None]], axis=1)
for s, d in zip(src[test][:3], decoded[:3]):
    print("".join(map(str, s)), "->", "".join(map(str, d)))
print("exact match:", np.mean((decoded == tgt[test]).all(axis=1)))
