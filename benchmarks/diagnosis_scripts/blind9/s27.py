"""Part-of-speech-like tagging with a BiLSTM."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

SEED = 9


class Corpus:
    """Words have a usual tag; ambiguous words take theirs from the word before."""

    def __init__(self, seed, vocab=80, tags=6, length=12):
        self.rng = np.random.default_rng(seed)
        lex = np.random.default_rng(1234)
        self.usual = lex.integers(0, tags, vocab)
        self.ambiguous = lex.random(vocab) < 0.3
        self.vocab, self.tags, self.length = vocab, tags, length

    def sample(self, n):
        words = self.rng.integers(0, self.vocab, (n, self.length))
        tags = self.usual[words]
        for t in range(1, self.length):
            shift = self.ambiguous[words[:, t]]
            tags[shift, t] = (self.usual[words[shift, t - 1]] + 1) % self.tags
        return words, tags


def tagger(corpus, rate):
    words = keras.Input((corpus.length,), dtype="int32")
    h = layers.Embedding(corpus.vocab, 24)(words)
    h = layers.Bidirectional(layers.LSTM(32, return_sequences=True))(h)
    tags = layers.Dense(corpus.tags, activation="softmax")(h)
    model = keras.Model(words, tags)
    schedule = keras.optimizers.schedules.ExponentialDecay(rate, decay_steps=200, decay_rate=0.9)
    model.compile(keras.optimizers.Adam(schedule), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


keras.utils.set_random_seed(SEED)
corpus = Corpus(SEED)
x, y = corpus.sample(1600)
x_dev, y_dev = corpus.sample(320)
model = tagger(corpus, rate=2e-5)
for epoch in range(1, 11):
    h = model.fit(x, y, batch_size=32, verbose=0)
    if epoch % 2 == 0:
        print("epoch %d loss %.4f accuracy %.4f" % (epoch, h.history["loss"][0], h.history["accuracy"][0]))
dev = model.evaluate(x_dev, y_dev, batch_size=320, verbose=0)[1]
print("dev accuracy %.4f" % dev)
