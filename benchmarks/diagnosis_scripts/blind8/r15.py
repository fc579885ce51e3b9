import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import layers


class DeepNet(keras.Model):
    """Plain fully connected network: `depth` layers of `width` units."""

    def __init__(self, depth=8, width=32, n_classes=4):
        super().__init__()
        self.blocks = [layers.Dense(width, activation="sigmoid") for _ in range(depth)]
        self.head = layers.Dense(n_classes, activation="softmax")

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return self.head(x)


def spirals(n_per_arm, arms, rng):
    xs, ys = [], []
    for k in range(arms):
        r = np.linspace(0.1, 1, n_per_arm)
        a = 1.8 * r + 2 * np.pi * k / arms + 0.08 * rng.standard_normal(n_per_arm)
        xs.append(np.c_[r * np.sin(a), r * np.cos(a)] * 2)
        ys.append(np.full(n_per_arm, k))
    xs, ys = np.concatenate(xs), np.concatenate(ys)
    order = rng.permutation(len(xs))
    return xs[order].astype("float32"), ys[order]


if __name__ == "__main__":
    keras.utils.set_random_seed(0)
    rng = np.random.default_rng(0)
    x, y = spirals(300, 4, rng)
    x_val, y_val = spirals(100, 4, rng)

    net = DeepNet()
    net.compile(optimizer=keras.optimizers.Adam(2e-3),
                loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    net.fit(x, y, batch_size=32, epochs=15, validation_data=(x_val, y_val), verbose=2)
    loss, acc = net.evaluate(x_val, y_val, verbose=0)
    print("validation loss %.3f, accuracy %.3f" % (loss, acc))
