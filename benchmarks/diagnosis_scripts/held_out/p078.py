import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.utils import pad_sequences

keras.utils.set_random_seed(209)
rng = np.random.default_rng(209)
seqs, labels = [], []
for _ in range(2000):
    n = rng.integers(3, 15)
    s = rng.integers(1, 11, n)
    seqs.append(s)
    labels.append(int((s > 5).mean() > 0.5))
X = pad_sequences(seqs, maxlen=15, padding="post")
Y = np.array(labels)

model = keras.Sequential([
    keras.layers.Embedding(11, 12, mask_zero=True),
    keras.layers.GRU(20),
    keras.layers.Dense(2, activation="softmax"),
])
model.compile("rmsprop", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X[:1600], Y[:1600], epochs=14, batch_size=32, verbose=2)
print("test acc", model.evaluate(X[1600:], Y[1600:], verbose=0)[1])
