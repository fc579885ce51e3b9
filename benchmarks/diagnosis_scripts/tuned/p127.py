import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(7)

# spam / ham as sequences of token ids
vocab = 80
rng = np.random.default_rng(0)
n = 1000
lab = rng.integers(0, 2, n)
seq = rng.integers(1, vocab, (n, 15))
for i in range(n):
    k = rng.integers(2, 6)
    words = rng.integers(1, 10, k) if lab[i] else rng.integers(10, 20, k)
    seq[i, rng.choice(15, k, replace=False)] = words

model = keras.Sequential([
    layers.Embedding(vocab, 16),
    layers.LSTM(24),
    layers.Dense(16, activation="relu"),
    layers.Dense(1, activation="softmax"),
])
model.compile(loss="binary_crossentropy", optimizer="adam", metrics=["accuracy"])
hist = model.fit(seq, lab, epochs=12, batch_size=32, validation_split=0.2, verbose=2)
print("Validation accuracy:", hist.history["val_accuracy"][-1])
