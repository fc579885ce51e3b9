"""Reuse of a recurrent encoder: pretraining on many topics, then a small task (functional API)."""
import os

os.environ.setdefault("KERAS_BACKEND", "torch")
import numpy as np
import keras
from keras import layers

SEED = 6
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)
TOPICS, VOCAB, LEN = 6, 60, 10


def texts(n, topics):
    """each topic has its own words, mixed with common ones"""
    y = rng.integers(0, topics, n)
    own = rng.integers(0, 4, (n, LEN)) + 12 + 4 * y[:, None]
    common = rng.integers(0, 12, (n, LEN))
    return np.where(rng.random((n, LEN)) < 0.35, own, common), y


def build_encoder():
    inp = layers.Input((LEN,), dtype="int32")
    z = layers.Embedding(VOCAB, 16)(inp)
    z = layers.GRU(32)(z)
    return keras.Model(inp, z, name="encoder")


def head(encoder, n_out, name):
    inp = layers.Input((LEN,), dtype="int32")
    z = layers.Dense(32, activation="relu")(encoder(inp))
    out = layers.Dense(n_out, activation="softmax")(z)
    model = keras.Model(inp, out, name=name)
    model.compile(optimizer=keras.optimizers.Adam(0.005), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


encoder = build_encoder()

# stage 1: plenty of data with fine labels (twelve topics)
x, y = texts(2000, 12)
stage1 = head(encoder, 12, "pretraining")
stage1.fit(x, y, epochs=5, batch_size=50, verbose=2)

# stage 2: the small task, half as many labels, encoder kept as it is
encoder.trainable = False
x, y = texts(1000, TOPICS)
y = y // 2
xv, yv = texts(400, TOPICS)
yv = yv // 2
stage2 = head(encoder, 3, "classifier")
stage2.summary()
stage2.fit(x, y, validation_data=(xv, yv), epochs=6, batch_size=50, verbose=2)
print("accuracy on new texts:", stage2.evaluate(xv, yv, verbose=0)[1])
