# -*- coding: utf-8 -*-
"""Name -> language of origin, character GRU (made-up names)."""
import os
os.environ["KERAS_BACKEND"] = "torch"
import keras, string, tempfile
import numpy as np

keras.utils.set_random_seed(45)
R = np.random.RandomState(45)
SYL = {
    "finn": ["aa", "ki", "nen", "la", "ja", "tuo", "sa", "lai"],
    "ital": ["ri", "no", "ti", "bel", "la", "co", "gia", "ma"],
    "jap": ["ka", "to", "shi", "ya", "ma", "ki", "mura", "no"],
    "pol": ["ski", "cz", "ow", "ka", "wie", "no", "ja", "rz"],
    "span": ["ez", "gar", "cia", "lo", "ma", "ri", "co", "do"],
}
LANGS = sorted(SYL)
MAXLEN = 14

def name(lang):
    return "".join(R.choice(SYL[lang], R.randint(2, 5)))[:MAXLEN]

def encode(names):
    out = np.zeros((len(names), MAXLEN), dtype="int64")
    for i, s in enumerate(names):
        out[i, :len(s)] = [string.ascii_lowercase.index(c) + 1 for c in s]
    return out

labels = R.randint(0, len(LANGS), 1500)
X = encode([name(LANGS[k]) for k in labels])
x_tr, x_te, y_tr, y_te = X[:1200], X[1200:], labels[:1200], labels[1200:]

m = keras.Sequential([
    keras.Input((MAXLEN,), dtype="int64"),
    keras.layers.Embedding(27, 16, mask_zero=True),
    keras.layers.GRU(32),
    keras.layers.Dense(len(LANGS), activation="softmax"),
])
m.compile(optimizer=keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["acc"])
EPOCHS = 2
m.fit(x_tr, y_tr, batch_size=64, epochs=EPOCHS, validation_data=(x_te, y_te), verbose=2)
m.save_weights(os.path.join(tempfile.mkdtemp(), "names.weights.h5"))
print("acc on unseen names: %.3f" % m.evaluate(x_te, y_te, verbose=0)[1])
for s in ["kalainen", "tomura", "czowski"]:
    print(s, "->", LANGS[int(m.predict(encode([s]), verbose=0).argmax())])
