"""Transfer between two small review corpora.

Step 1: learn a text encoder on the topic corpus.
Step 2: keep the encoder, train only a new head on the (much smaller) polarity corpus.
"""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

SEED = 7
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

VOCAB, LENGTH, TOPICS = 80, 18, 6


def corpus(n):
    topic = rng.integers(0, TOPICS, n)
    words = rng.integers(1, VOCAB, (n, LENGTH))
    own = 1 + topic[:, None] * 12 + rng.integers(0, 12, (n, LENGTH))
    return np.where(rng.random((n, LENGTH)) < 0.45, own, words), topic


encoder = keras.Sequential(
    [
        keras.Input((LENGTH,), dtype="int32"),
        layers.Embedding(VOCAB, 16),
        layers.GRU(24),
    ],
    name="encoder",
)

x, topic = corpus(1200)
source = keras.Sequential([encoder, layers.Dense(TOPICS, activation="softmax")])
source.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
source.optimizer.learning_rate = 5e-3
source.fit(x, topic, batch_size=32, epochs=6, verbose=2)

# the polarity corpus has 160 labelled texts only
positive = np.array([0, 2, 5])
x_small, t_small = corpus(160)
y_small = np.isin(t_small, positive).astype("float32")
x_test, t_test = corpus(500)
y_test = np.isin(t_test, positive).astype("float32")

encoder.trainable = False
inputs = keras.Input((LENGTH,), dtype="int32")
hidden = encoder(inputs, training=False)
outputs = layers.Dense(1, activation="sigmoid")(layers.Dense(16, activation="relu")(hidden))
target = keras.Model(inputs, outputs)
target.compile(keras.optimizers.Adam(5e-3), "binary_crossentropy", metrics=["accuracy"])
target.summary()
target.fit(x_small, y_small, batch_size=16, epochs=20, verbose=0)
loss, acc = target.evaluate(x_test, y_test, verbose=0)
print(f"polarity corpus: test loss {loss:.3f}")
print(f"test accuracy {acc:.4f}")
