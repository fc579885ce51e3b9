import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(64)
rng = np.random.default_rng(64)
T = 10


def series(n):
    """Walks with a step pattern; half of them reverse their pattern in the middle."""
    kind = rng.integers(0, 3, n)
    step = rng.choice([-1.0, 1.0], size=(n, T))
    step[kind == 1, 1::2] = -step[kind == 1, 0::2]
    step[kind == 2, 1::2] = step[kind == 2, 0::2]
    return (step + 0.15 * rng.normal(size=step.shape)).astype("float32")[..., None], kind


def backbone():
    return keras.Sequential([
        keras.Input((T, 1)),
        layers.LSTM(10, return_sequences=True),
        layers.LSTM(10),
    ], name="backbone")


# stage 1: next value prediction on unlabelled series
unlabelled, _ = series(1200)
encoder = backbone()
pretext = keras.Sequential([encoder, layers.Dense(1)])
pretext.compile(keras.optimizers.Adam(0.01), "mse")
xs = unlabelled.copy()
goal = xs[:, -1, 0].copy()
xs[:, -1] = 0
pretext.fit(xs, goal, epochs=2, batch_size=40, verbose=2)

# stage 2: classifier on top
base = keras.models.clone_model(encoder)
base.trainable = False
inputs = keras.Input((T, 1))
outputs = layers.Dense(3, activation="softmax")(base(inputs))
classifier = keras.Model(inputs, outputs)
classifier.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
x, y = series(800)
x_test, y_test = series(500)
classifier.fit(x, y, epochs=8, batch_size=40, validation_data=(x_test, y_test), verbose=2)
print("fine-tuned accuracy:", round(classifier.evaluate(x_test, y_test, verbose=0)[1], 4))
