import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(65)
rng = np.random.default_rng(65)
T = 10


def series(n):
    kind = rng.integers(0, 3, n)
    step = rng.choice([-1.0, 1.0], size=(n, T))
    step[kind == 1, 1::2] = -step[kind == 1, 0::2]
    step[kind == 2, 1::2] = step[kind == 2, 0::2]
    return (step + 0.15 * rng.normal(size=step.shape)).astype("float32")[..., None], kind


def backbone():
    return keras.Sequential([keras.Input((T, 1)), layers.LSTM(16)], name="backbone")


# stage 1: how many sign changes between neighbours?
x0, _ = series(1500)
changes = (np.sign(x0[:, 1::2, 0]) != np.sign(x0[:, 0::2, 0])).sum(1).astype("float32") / 5
encoder = backbone()
pretext = keras.Sequential([encoder, layers.Dense(1)])
pretext.compile(keras.optimizers.Adam(0.01), "mse")
pretext.fit(x0, changes, epochs=6, batch_size=50, verbose=2)

# stage 2: head only
base = keras.models.clone_model(encoder)
base.set_weights(encoder.get_weights())
base.trainable = False
inputs = keras.Input((T, 1))
outputs = layers.Dense(3, activation="softmax")(base(inputs))
classifier = keras.Model(inputs, outputs)
classifier.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
x, y = series(800)
x_test, y_test = series(500)
classifier.fit(x, y, epochs=6, batch_size=40, validation_data=(x_test, y_test), verbose=2)

# stage 3: everything, with a smaller rate
base.trainable = True
classifier.compile(keras.optimizers.Adam(5e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
classifier.fit(x, y, epochs=7, batch_size=40, validation_data=(x_test, y_test), verbose=2)
print("fine-tuned accuracy:", round(classifier.evaluate(x_test, y_test, verbose=0)[1], 4))
