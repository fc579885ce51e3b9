"""Parity of short bit strings, with a curriculum: length 2, then 3, ... (train_on_batch)"""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(18)
rng = np.random.default_rng(18)


def bits(n, length):
    b = rng.integers(0, 2, (n, length))
    return (2.0 * b[..., None] - 1).astype("float32"), (b.sum(1) % 2).astype("float32")[:, None]


model = keras.Sequential(
    [layers.Input((None, 1)), layers.LSTM(16), layers.Dense(1, activation="sigmoid")]
)
model.compile(optimizer=keras.optimizers.Adam(2e-2), loss="binary_crossentropy", metrics=["accuracy"])

length, step, recent = 2, 0, []
while length <= 8 and step < 1200:
    x, y = bits(24, length)
    loss, acc = model.train_on_batch(x, y)
    model.reset_metrics()
    recent = (recent + [float(acc)])[-15:]
    step += 1
    if len(recent) == 15 and np.mean(recent) > 0.97:
        print(f"step {step}: length {length} learned (loss {float(loss):.3f})")
        length, recent = length + 1, []

for n in (4, 6, 8):
    x, y = bits(256, n)
    acc = float(np.mean((model.predict_on_batch(x) > 0.5) == y))
    print(f"length {n}: accuracy {acc:.3f}")
