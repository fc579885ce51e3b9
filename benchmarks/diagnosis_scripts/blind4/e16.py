#!/usr/bin/env python
# Name -> language, character level. 12 languages (made-up alphabets statistics).
import os
os.environ.setdefault("KERAS_BACKEND", "torch")
import argparse
import numpy as np
import keras
from keras import layers

p = argparse.ArgumentParser()
p.add_argument("--units", type=int, default=2)
p.add_argument("--emb", type=int, default=2)
p.add_argument("--epochs", type=int, default=14)
p.add_argument("--lr", type=float, default=0.01)
p.add_argument("--seed", type=int, default=1)
args = p.parse_args()

keras.utils.set_random_seed(args.seed)
rng = np.random.default_rng(args.seed)
LANGS, CHARS, LEN = 12, 26, 9

# a bigram table for each language
tables = rng.dirichlet(np.full(CHARS, 0.12), size=(LANGS, CHARS))


def name(lang):
    out = [rng.integers(CHARS)]
    while len(out) < LEN:
        out.append(rng.choice(CHARS, p=tables[lang, out[-1]]))
    return out


y = rng.integers(LANGS, size=2400)
x = np.array([name(k) for k in y])
xt, yt, xv, yv = x[:2000], y[:2000], x[2000:], y[2000:]

model = keras.Sequential([
    layers.Input((LEN,), dtype="int32"),
    layers.Embedding(CHARS, args.emb),
    layers.GRU(args.units),
    layers.Dense(LANGS, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.Adam(args.lr), loss="sparse_categorical_crossentropy", metrics=["acc"])
hist = model.fit(xt, yt, batch_size=50, epochs=args.epochs, validation_data=(xv, yv), verbose=0)
for e, (a, b) in enumerate(zip(hist.history["acc"], hist.history["val_acc"])):
    print(f"epoch {e + 1:2d}  acc {a:.3f}  val_acc {b:.3f}")
print("train acc", hist.history["acc"][-1])
print("val acc", hist.history["val_acc"][-1])
