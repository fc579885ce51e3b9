import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import layers

"""Transfer learning on token sequences: encoder trained on 6 intents, frozen, new head for 3 groups."""
keras.utils.set_random_seed(98)
VOCAB, LENGTH, INTENTS = 80, 12, 6


def utterances(n):
    x = np.random.randint(20, VOCAB, (n, LENGTH))
    y = np.random.randint(0, INTENTS, n)
    for i in range(n):
        a, b = sorted(np.random.choice(LENGTH, 2, replace=False))
        x[i, a], x[i, b] = 2 * y[i], 2 * y[i] + 1
    return x, y


encoder = keras.Sequential(
    [layers.Input((LENGTH,)), layers.Embedding(VOCAB, 32), layers.LSTM(40), layers.Dense(32, activation="relu")],
    name="encoder",
)
source = keras.Sequential([layers.Input((LENGTH,)), encoder, layers.Dense(INTENTS, activation="softmax")])
source.compile(keras.optimizers.Adam(5e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
x_src, y_src = utterances(1500)
source.fit(x_src, y_src, batch_size=32, epochs=8, verbose=2)

encoder.trainable = False
x_new, y_new = utterances(250)
x_test, y_test = utterances(300)
group = np.array([0, 1, 2, 0, 1, 2])

target = keras.Sequential([layers.Input((LENGTH,)), encoder, layers.Dense(3, activation="softmax")])
target.compile(keras.optimizers.Adam(1e-2), "sparse_categorical_crossentropy", metrics=["accuracy"])
target.fit(x_new, group[y_new], batch_size=16, epochs=15, verbose=2)
print("groups, test accuracy: %.3f" % target.evaluate(x_test, group[y_test], verbose=0)[1])
