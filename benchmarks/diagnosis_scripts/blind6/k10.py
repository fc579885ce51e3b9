"""Intent classification of short token sequences (an exercise on transfer learning)."""
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(99)
VOCAB, LENGTH, INTENTS = 80, 12, 6


def utterances(n):
    """The intent is decided by which of its trigger pairs comes, in which order."""
    x = np.random.randint(20, VOCAB, (n, LENGTH))
    y = np.random.randint(0, INTENTS, n)
    for i in range(n):
        a, b = sorted(np.random.choice(LENGTH, 2, replace=False))
        first, second = 2 * (y[i] // 2), 2 * (y[i] // 2) + 1
        if y[i] % 2:
            first, second = second, first
        x[i, a], x[i, b] = first, second
    return x, y


def make_encoder():
    return keras.Sequential(
        [layers.Input((LENGTH,)), layers.Embedding(VOCAB, 32), layers.LSTM(48), layers.Dense(32, activation="relu")],
        name="encoder",
    )


x_train, y_train = utterances(2000)
x_test, y_test = utterances(400)

encoder = make_encoder()
encoder.trainable = False
classifier = keras.Sequential([layers.Input((LENGTH,)), encoder, layers.Dense(INTENTS, activation="softmax")])
classifier.compile(
    optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"]
)
classifier.summary()
classifier.fit(x_train, y_train, batch_size=32, epochs=12, validation_split=0.1, verbose=2)
print("test:", classifier.evaluate(x_test, y_test, verbose=0))
