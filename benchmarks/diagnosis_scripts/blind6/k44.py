import os

os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

# micro-batches of 4 with gradient accumulation inside the optimizer (small card at home)
keras.utils.set_random_seed(58)


class Windows(keras.utils.PyDataset):
    def __init__(self, data, target, batch_size, shuffle, **kw):
        super().__init__(**kw)
        self.data, self.target, self.batch_size, self.shuffle = data, target, batch_size, shuffle
        self.order = np.arange(len(data))
        self.on_epoch_end()

    def __len__(self):
        return len(self.data) // self.batch_size

    def __getitem__(self, i):
        rows = self.order[i * self.batch_size : (i + 1) * self.batch_size]
        return self.data[rows], self.target[rows]

    def on_epoch_end(self):
        if self.shuffle:
            np.random.shuffle(self.order)


def keystrokes(n):
    who = np.random.randint(0, 3, n)
    speed = np.array([0.0, 0.5, -0.5])[who]
    rhythm = np.array([0, 1, 2])[who]
    t = np.arange(16)
    x = speed[:, None] + np.sin(t * (0.8 + 0.3 * rhythm[:, None])) + np.random.normal(0, 0.6, (n, 16))
    return x[..., None].astype("float32"), who


x, who = keystrokes(640)
xt, wt = keystrokes(300)
model = keras.Sequential(
    [keras.Input((16, 1)), keras.layers.GRU(24), keras.layers.Dense(3, activation="softmax")]
)
model.compile(
    optimizer=keras.optimizers.Adam(0.01, gradient_accumulation_steps=4),
    loss="sparse_categorical_crossentropy",
    metrics=["accuracy"],
)
model.fit(Windows(x, who, 4, True), epochs=6, validation_data=Windows(xt, wt, 50, False), verbose=2)
print("users recognised: %.3f" % model.evaluate(xt, wt, verbose=0)[1])
