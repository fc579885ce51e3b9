import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import math

import numpy as np
import keras
from keras import layers


class WindowSequence(keras.utils.PyDataset):
    """Feeds accelerometer windows in batches, in a new order every epoch."""

    def __init__(self, x, y, batch_size=32, seed=0, **kwargs):
        super().__init__(**kwargs)
        self.x, self.y = x, y
        self.batch_size = batch_size
        self.rng = np.random.default_rng(seed)
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        take = slice(idx * self.batch_size, (idx + 1) * self.batch_size)
        return self.x[take], self.y[take]

    def on_epoch_end(self):
        order = self.rng.permutation(len(self.x))
        self.x = self.x[order]
        self.y = self.y


def activity_windows(n, rng, length=40):
    """walk / run / stairs / cycle as noisy periodic windows of three axes"""
    label = rng.integers(0, 4, n)
    freq = np.array([2.0, 4.5, 2.0, 7.0])[label][:, None]
    ampl = np.array([1.0, 1.5, 0.5, 0.8])[label][:, None]
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    t = np.linspace(0, 1, length)[None]
    axes = [ampl * np.sin(2 * np.pi * freq * t + phase + k) for k in (0.0, 0.7, 1.9)]
    x = np.stack(axes, -1) + 0.35 * rng.normal(size=(n, length, 3))
    return x.astype("float32"), label


if __name__ == "__main__":
    keras.utils.set_random_seed(5)
    rng = np.random.default_rng(5)
    x_train, y_train = activity_windows(1200, rng)
    x_val, y_val = activity_windows(400, rng)

    model = keras.Sequential(
        [
            keras.Input((40, 3)),
            layers.Conv1D(24, 5, activation="relu"),
            layers.MaxPooling1D(2),
            layers.Conv1D(32, 5, activation="relu"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(4, activation="softmax"),
        ]
    )
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    train = WindowSequence(x_train, y_train, batch_size=32)
    model.fit(train, validation_data=(x_val, y_val), epochs=14, verbose=2)
    print("val accuracy", model.evaluate(x_val, y_val, verbose=0)[1])
