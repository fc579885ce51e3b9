import os
os.environ["KERAS_BACKEND"] = "torch"

import math
import numpy as np
import keras
from keras import layers


class WindowSequence(keras.utils.PyDataset):
    """Cuts labelled windows out of long recordings, one recording per activity."""

    def __init__(self, recordings, window, batch_size, **kw):
        super().__init__(**kw)
        self.batch_size = batch_size
        xs, ys = [], []
        for label, rec in recordings:
            for start in range(0, len(rec) - window + 1, window // 2):
                xs.append(rec[start:start + window])
                ys.append(label)
        self.x = np.asarray(xs, dtype="float32")
        self.y = np.asarray(ys)

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        low = idx * self.batch_size
        return self.x[low:low + self.batch_size], self.y[low:low + self.batch_size]


def record(activity, length, rng):
    freq = [0.0, 0.35, 0.6, 0.9, 1.3][activity]
    t = np.arange(length)
    ax = np.sin(freq * t) + 0.4 * rng.standard_normal(length)
    ay = 0.5 * np.cos(2 * freq * t) + 0.4 * rng.standard_normal(length)
    az = 0.2 * activity * np.sin(freq * t) ** 2 + 0.4 * rng.standard_normal(length)
    return np.stack([ax, ay, az], axis=1)


keras.utils.set_random_seed(8)
rng = np.random.default_rng(8)
train = WindowSequence([(a, record(a, 3200, rng)) for a in range(5)], window=16, batch_size=32)
test = WindowSequence([(a, record(a, 800, rng)) for a in range(5)], window=16, batch_size=32)
print(len(train.x), "training windows")

net = keras.Sequential([
    layers.Conv1D(16, 3, activation="relu"),
    layers.GRU(24),
    layers.Dense(5, activation="softmax"),
])
net.compile(optimizer=keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(train, epochs=7, shuffle=False, verbose=2)
print("test accuracy %.3f" % net.evaluate(test, verbose=0)[1])
