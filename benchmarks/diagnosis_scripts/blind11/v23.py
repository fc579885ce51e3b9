import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import ops


class MyDense(keras.layers.Layer):
    def __init__(self, units, act="linear"):
        super().__init__()
        self.units = units
        self.act = keras.activations.get(act)

    def build(self, shape):
        init = keras.initializers.RandomNormal(mean=0.0, stddev=1.0)
        self.kernel = self.add_weight(shape=(shape[-1], self.units), initializer=init)
        self.bias = self.add_weight(shape=(self.units,), initializer=init)

    def call(self, x):
        return self.act(ops.matmul(x, self.kernel) + self.bias)


SEED = 29
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# glass types from the shares of 9 oxides (like the UCI data set, but drawn)
n = 1500
kind = rng.integers(0, 6, n)
profile = rng.normal(0, 1, (6, 9))
x = profile[kind] + 0.7 * rng.normal(size=(n, 9))
x[:, 3] = x[:, 3] * x[:, 0]
x[:, 7] = x[:, 7] * x[:, 1]
x = ((x - x.mean(0)) / x.std(0)).astype("float32")
xa, ya, xb, yb = x[:1200], kind[:1200], x[1200:], kind[1200:]

net = keras.Sequential([
    MyDense(128, "relu"),
    MyDense(128, "relu"),
    MyDense(64, "relu"),
    MyDense(6),
])
net.compile(
    optimizer=keras.optimizers.Adam(1e-3),
    loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    metrics=["accuracy"],
)
log = net.fit(xa, ya, epochs=20, batch_size=32, validation_data=(xb, yb), verbose=0)
for e, (a, b, c) in enumerate(zip(log.history["loss"], log.history["val_loss"], log.history["val_accuracy"])):
    print(f"{e:2d} {a:10.4f} {b:10.4f} {c:.3f}")
print("accuracy:", round(log.history["val_accuracy"][-1], 4))
print("cross-entropy on held-out pieces:", round(log.history["val_loss"][-1], 4))
