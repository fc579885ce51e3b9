import os
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import ops


class Linear(keras.layers.Layer):
    def __init__(self, units=32, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def build(self, input_shape):
        self.w = self.add_weight(shape=(input_shape[-1], self.units), initializer="ones", name="w")
        self.b = self.add_weight(shape=(self.units,), initializer="zeros", name="b")

    def call(self, inputs):
        return ops.matmul(inputs, self.w) + self.b


class MLPBlock(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.linear_1 = Linear(24)
        self.linear_2 = Linear(24)
        self.linear_3 = Linear(1)

    def call(self, inputs):
        x = self.linear_1(inputs)
        x = ops.tanh(x)
        x = self.linear_2(x)
        x = ops.tanh(x)
        return self.linear_3(x)


keras.utils.set_random_seed(31)
rng = np.random.default_rng(31)
X = rng.uniform(-1, 1, size=(1500, 3)).astype("float32")
y = np.sin(3 * X[:, 0]) * X[:, 1] + X[:, 2] ** 2
y = ((y - y.mean()) / y.std()).astype("float32")[:, None]

inputs = keras.Input(shape=(3,))
model = keras.Model(inputs, MLPBlock()(inputs))
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse", metrics=[keras.metrics.R2Score(name="r2")])
history = model.fit(X[:1200], y[:1200], epochs=60, batch_size=32, validation_data=(X[1200:], y[1200:]), verbose=0)
for i, r in enumerate(history.history["val_r2"]):
    if i % 10 == 9:
        print("epoch", i + 1, "val r2", round(r, 4))
