import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

WORDS, TAGS, LENGTH = 60, 5, 10
SEED = 21
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

word_tag = rng.integers(0, TAGS, size=WORDS)


def sentences(count):
    tokens = rng.integers(1, WORDS, size=(count, LENGTH))
    tags = word_tag[tokens]
    # a word after one of the first five words takes the tag of that word
    for j in range(1, LENGTH):
        special = tokens[:, j - 1] < 6
        tags[special, j] = tags[special, j - 1]
    return tokens.astype("int32"), tags.astype("int32")


class Corpus(keras.utils.PyDataset):
    def __init__(self, tokens, tags, batch_size=32, **kwargs):
        super().__init__(**kwargs)
        self.tokens, self.tags, self.batch_size = tokens, tags, batch_size
        self.on_epoch_end()

    def __len__(self):
        return len(self.tokens) // self.batch_size

    def __getitem__(self, i):
        rows = slice(i * self.batch_size, (i + 1) * self.batch_size)
        return self.tokens[rows], self.tags[rows]

    def on_epoch_end(self):
        np.random.shuffle(self.tokens)


train_x, train_y = sentences(1200)
dev_x, dev_y = sentences(300)

model = keras.Sequential(
    [
        keras.Input((LENGTH,), dtype="int32"),
        layers.Embedding(WORDS, 16),
        layers.Bidirectional(layers.LSTM(16, return_sequences=True)),
        layers.Dense(TAGS, activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(1e-2), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(Corpus(train_x, train_y), epochs=6, verbose=2)
_, acc = model.evaluate(dev_x, dev_y, verbose=0)
print(f"dev tag accuracy: {acc:.4f}")
