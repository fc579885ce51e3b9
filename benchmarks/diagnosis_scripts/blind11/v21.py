"""Own layers, two heads: which gesture, and how fast. Written to get used to `add_weight`."""
import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np
from keras import ops

SEED = 64
keras.utils.set_random_seed(SEED)


class Linear(keras.layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)

    def build(self, input_shape):
        fan_in = input_shape[-1]
        self.w = self.add_weight(
            shape=(fan_in, self.units),
            initializer=keras.initializers.RandomNormal(stddev=(2.0 / fan_in) ** 0.5),
            name="w",
        )
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, x):
        return self.activation(ops.matmul(x, self.w) + self.b)


def gestures(n, rng):
    kind = rng.integers(0, 5, n)
    speed = rng.uniform(0.5, 2, n)
    t = np.linspace(0, 1, 16)
    phase = 2 * np.pi * speed[:, None] * t + rng.normal(0, 0.2, (n, 1))
    gx = np.choose(kind[:, None], [np.cos(phase), np.sin(phase), np.cos(phase), 0 * phase, np.sin(2 * phase)])
    gy = np.choose(kind[:, None], [np.sin(phase), np.cos(phase), 0 * phase, np.sin(phase), np.cos(phase)])
    x = np.concatenate([gx, gy], 1) + 0.1 * rng.normal(size=(n, 32))
    return x.astype("float32"), keras.utils.to_categorical(kind, 5), ((speed - 1.25) / 0.43).astype("float32")[:, None]


rng = np.random.default_rng(SEED)
x, kind, speed = gestures(1600, rng)
xv, kind_v, speed_v = gestures(400, rng)

inputs = keras.Input((32,))
trunk = Linear(96, "relu")(inputs)
trunk = Linear(96, "relu")(trunk)
gesture = Linear(5, "softmax", name="gesture")(trunk)
pace = Linear(1, name="pace")(trunk)
model = keras.Model(inputs, [gesture, pace])
model.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=[keras.losses.CategoricalCrossentropy(label_smoothing=0.1), "mse"],
    loss_weights=[1.0, 0.5],
    metrics=[["accuracy"], ["mae"]],
)
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=4, restore_best_weights=True)
model.fit(x, [kind, speed], epochs=25, batch_size=32, validation_data=(xv, [kind_v, speed_v]),
          callbacks=[stop], verbose=2)
g, p = model.predict(xv, verbose=0)
print("R2 of the pace", 1 - ((p - speed_v) ** 2).mean() / speed_v.var())
print("gesture accuracy", (g.argmax(1) == kind_v.argmax(1)).mean())
