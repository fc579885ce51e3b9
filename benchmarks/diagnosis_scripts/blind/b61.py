import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(13)
rng = np.random.default_rng(13)
# reviews of 5 to 18 words padded with 0; "not" (word 1) turns the next opinion word around
n, longest = 1600, 18
docs, labels = [], []
for _ in range(n):
    length = rng.integers(5, longest + 1)
    words = rng.integers(20, 100, size=length)
    good = rng.integers(0, 2)
    for at in rng.choice(np.arange(1, length), size=min(3, length - 1), replace=False):
        negated = rng.random() < 0.2
        words[at] = rng.integers(2, 10) if good != negated else rng.integers(10, 20)
        if negated:
            words[at - 1] = 1
    docs.append(words)
    labels.append(good)
x = keras.utils.pad_sequences(docs, maxlen=longest, padding="post")
y = np.array(labels)

inputs = keras.Input((longest,), dtype="int32")
h = layers.Embedding(100, 16, mask_zero=True)(inputs)
h = layers.LSTM(24)(h)
outputs = layers.Dense(2, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(4e-3), loss=keras.losses.SparseCategoricalCrossentropy(), metrics=["acc"])
history = model.fit(x[:1300], y[:1300], batch_size=32, epochs=8, validation_data=(x[1300:], y[1300:]), verbose=2)
print("best validation accuracy", max(history.history["val_acc"]))
