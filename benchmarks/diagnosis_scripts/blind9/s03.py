# Memory task (exercise 4b): which of the four symbols was shown first?
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

SEED = 21
BATCH = 50
STEPS = 7
SYMBOLS = 4

keras.utils.set_random_seed(SEED)


def shown(n, seed):
    g = np.random.RandomState(seed)
    x = g.randint(0, SYMBOLS, size=(n, STEPS))
    return np.eye(SYMBOLS, dtype="float32")[x], x[:, 0]


x_train, y_train = shown(2000, SEED)
x_test, y_test = shown(500, SEED + 1)

class Memory(keras.layers.Layer):
    """A GRU layer with its own memory variable."""

    def __init__(self, units):
        super().__init__()
        self.gru = keras.layers.GRU(units, return_state=True)
        self.memory = self.add_weight(shape=(BATCH, units), initializer="zeros", trainable=False, name="memory")

    def call(self, x):
        out, h = self.gru(x, initial_state=self.memory)
        self.memory.assign(h)
        return out


model = keras.models.Sequential()
model.add(keras.Input(batch_shape=(BATCH, STEPS, SYMBOLS)))
model.add(Memory(24))
model.add(keras.layers.Dense(SYMBOLS, activation="softmax"))
model.compile(
    loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"]
)

model.fit(x_train, y_train, batch_size=BATCH, epochs=12, verbose=2)

_, acc = model.evaluate(x_test, y_test, batch_size=BATCH, verbose=0)
print("test accuracy: %.3f" % acc)
