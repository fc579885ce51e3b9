import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np


def load_ph_values(n, seed):
    """Concentration measurements -> pH between 7 and 12."""
    r = np.random.RandomState(seed)
    x = r.uniform(-1, 1, size=(n, 5)).astype("float32")
    y = 9.5 + 1.5 * np.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2]
    return x, y.astype("float32")


keras.utils.set_random_seed(1)
x_train, y_train = load_ph_values(800, 0)
x_test, y_test = load_ph_values(200, 1)

inputs = keras.Input(shape=(5,))
h = keras.layers.Dense(32, activation="relu")(inputs)
h = keras.layers.Dense(32, activation="relu")(h)
outputs = keras.layers.Dense(1, activation="tanh")(h)
model = keras.Model(inputs, outputs)

model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mse")
model.fit(x_train, y_train, epochs=30, batch_size=32, verbose=2, validation_data=(x_test, y_test))
print("test mse", model.evaluate(x_test, y_test, verbose=0))
