import os
os.environ['KERAS_BACKEND'] = 'jax'
import keras
from keras import layers, ops
import numpy as np

# ---- toy POS-like tagging -----------------------------------------------
# words 1..60; the tag depends on the word's class and on the word after it
PAD, VOCAB, TAGS, MAXLEN = 0, 61, 5, 14
keras.utils.set_random_seed(0)
rng = np.random.RandomState(0)

def tag(words):
    out = []
    for i, w in enumerate(words):
        nxt = words[i + 1] if i + 1 < len(words) else 0
        if w % 4 == 0 and nxt % 2 == 1:
            out.append(4)
        else:
            out.append(w % 4)
    return out

def corpus(n):
    X = np.zeros((n, MAXLEN), 'int32')
    Y = np.zeros((n, MAXLEN), 'int32')
    for k in range(n):
        L = rng.randint(5, MAXLEN + 1)
        w = rng.randint(1, VOCAB, L)
        X[k, :L] = w
        Y[k, :L] = tag(w)
    return X, Y

Xtr, Ytr = corpus(1200)
Xte, Yte = corpus(300)

inp = layers.Input((MAXLEN,), dtype='int32')
h = layers.Embedding(VOCAB, 24, mask_zero=True)(inp)
h = layers.Bidirectional(layers.GRU(24, return_sequences=True))(h)
out = layers.TimeDistributed(layers.Dense(TAGS, activation='softmax'))(h)
model = keras.Model(inp, out)
model.summary()
model.compile('adam', 'sparse_categorical_crossentropy')

W = (Xtr != PAD).astype('float32')
model.fit(Xtr, Ytr, sample_weight=W, batch_size=32, epochs=9, verbose=2)

P = model.predict(Xte, verbose=0).argmax(-1)
mask = Xte != PAD
print('token accuracy (no padding): %.4f' % (P[mask] == Yte[mask]).mean())
