import os
os.environ["KERAS_BACKEND"] = "torch"
import math

import keras
import numpy as np
from keras import ops


class Residual(keras.layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.norm = keras.layers.LayerNormalization()
        self.up = keras.layers.Dense(units * 2, activation="gelu")
        self.down = keras.layers.Dense(units)

    def call(self, x):
        return x + self.down(self.up(self.norm(x)))


class Net(keras.Model):
    def __init__(self, units, depth, classes):
        super().__init__()
        self.inlet = keras.layers.Dense(units)
        self.blocks = [Residual(units) for _ in range(depth)]
        self.outlet = keras.layers.Dense(classes)

    def call(self, x):
        x = self.inlet(x)
        for block in self.blocks:
            x = block(x)
        return self.outlet(ops.relu(x))


def rate(epoch, lr):
    return 4e-3 * min(1, (epoch + 1) / 3) * (0.5 + 0.5 * math.cos(math.pi * epoch / 15))


def main():
    keras.utils.set_random_seed(11)
    rng = np.random.default_rng(11)
    x = rng.uniform(-1, 1, (1400, 3)).astype("float32")
    y = ((np.sin(4 * x[:, 0]) > x[:, 1]).astype(int) + 2 * (x[:, 2] * x[:, 1] > 0)).astype(int)
    net = Net(24, 2, 4)
    net.compile(keras.optimizers.Adam(), keras.losses.SparseCategoricalCrossentropy(from_logits=True), metrics=["accuracy"])
    net.fit(x[:1100], y[:1100], epochs=14, batch_size=44, callbacks=[keras.callbacks.LearningRateScheduler(rate)], verbose=2)
    print("test accuracy", net.evaluate(x[1100:], y[1100:], verbose=0)[1])


if __name__ == "__main__":
    main()
