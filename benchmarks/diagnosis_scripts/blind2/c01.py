import os

os.environ.setdefault("KERAS_BACKEND", "jax")

import keras
import numpy as np

SEED = 5
keras.utils.set_random_seed(SEED)
rs = np.random.RandomState(SEED)


def make_windows(n, length=24):
    """Indoor CO2 in ppm; is somebody in the room (rising) or not (falling)?"""
    label = rs.randint(0, 2, n)
    slope = np.where(label == 1, 1.0, -1.0)[:, None] * rs.uniform(0.6, 1.4, (n, 1))
    start = rs.uniform(780, 820, (n, 1))
    x = start + slope * np.arange(length)[None] + rs.normal(0, 2.0, (n, length))
    return x[..., None].astype("float32"), label.astype("float32")


class OccupancyModel(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn1 = keras.layers.LSTM(24, return_sequences=True)
        self.rnn2 = keras.layers.LSTM(24)
        self.out = keras.layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.out(self.rnn2(self.rnn1(x)))


x_train, y_train = make_windows(1500)
x_test, y_test = make_windows(500)

model = OccupancyModel()
model.compile(keras.optimizers.Adam(0.002), "binary_crossentropy", metrics=["accuracy"])
history = model.fit(x_train, y_train, batch_size=32, epochs=15, validation_split=0.1, verbose=0)
for e, (a, b) in enumerate(zip(history.history["loss"], history.history["val_accuracy"])):
    print(f"{e:3d} {a:.4f} {b:.3f}")
print("test accuracy:", model.evaluate(x_test, y_test, verbose=0)[1])
