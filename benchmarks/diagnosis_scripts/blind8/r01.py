import os
os.environ["KERAS_BACKEND"] = "torch"
import math
import numpy as np
import keras
from keras import layers


class WindowSequence(keras.utils.PyDataset):
    """Windows of long recordings, one recording per activity; a new order each epoch."""

    def __init__(self, recordings, window, batch_size, rng=None, **kw):
        super().__init__(**kw)
        self.batch_size, self.rng = batch_size, rng
        xs, ys = [], []
        for label, rec in recordings:
            for start in range(0, len(rec) - window + 1, window // 2):
                xs.append(rec[start:start + window])
                ys.append(label)
        self.x, self.y = np.asarray(xs, dtype="float32"), np.asarray(ys)
        self.order = np.arange(len(ys))
        self.on_epoch_end()

    def __len__(self):
        return math.ceil(len(self.x) / self.batch_size)

    def __getitem__(self, idx):
        take = self.order[idx * self.batch_size:(idx + 1) * self.batch_size]
        return self.x[take], self.y[take]

    def on_epoch_end(self):
        if self.rng is not None:
            self.rng.shuffle(self.order)


def record(activity, length, rng):
    freq = [0.0, 0.35, 0.6, 0.9, 1.3][activity]
    t = np.arange(length)
    ax = np.sin(freq * t) + 0.4 * rng.standard_normal(length)
    ay = 0.5 * np.cos(2 * freq * t) + 0.4 * rng.standard_normal(length)
    return np.stack([ax, ay], axis=1)


keras.utils.set_random_seed(80)
rng = np.random.default_rng(80)
train = WindowSequence([(a, record(a, 2400, rng)) for a in range(5)], 16, 32, rng)
test = WindowSequence([(a, record(a, 800, rng)) for a in range(5)], 16, 32)

net = keras.Sequential([layers.Conv1D(16, 3, activation="relu"), layers.GRU(24), layers.Dense(5, activation="softmax")])
net.compile(optimizer=keras.optimizers.Adam(4e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
net.fit(train, epochs=7, shuffle=False, verbose=2)
print("test accuracy %.3f" % net.evaluate(test, verbose=0)[1])
