import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import ops


class SensorDataset(keras.utils.PyDataset):
    """Vibration snippets; the label is the rotor's speed (in units of 1000 rpm, centred)."""

    def __init__(self, n, batch, seed, **kwargs):
        super().__init__(**kwargs)
        rng = np.random.default_rng(seed)
        self.batch = batch
        self.speed = rng.uniform(-1, 1, n).astype("float32")
        t = np.arange(32) / 32
        f = 3 + 1.5 * self.speed[:, None]
        phase = rng.uniform(0, 2 * np.pi, (n, 1))
        sig = np.sin(2 * np.pi * f * t + phase) + 0.2 * rng.normal(size=(n, 32))
        cos = np.cos(2 * np.pi * f * t + phase) + 0.2 * rng.normal(size=(n, 32))
        self.x = np.stack([sig, cos], -1).astype("float32")
        self.rng = rng
        self.order = np.arange(n)

    def __len__(self):
        return len(self.order) // self.batch

    def __getitem__(self, i):
        rows = self.order[i * self.batch:(i + 1) * self.batch]
        return self.x[rows], self.speed[rows]

    def on_epoch_end(self):
        self.rng.shuffle(self.order)


class SpeedNet(keras.Model):
    def __init__(self):
        super().__init__()
        self.rnn = keras.layers.LSTM(32)
        self.d1 = keras.layers.Dense(32, activation="relu")
        self.d2 = keras.layers.Dense(1)
        self.mae = keras.metrics.Mean(name="mae")

    def call(self, x):
        return self.d2(self.d1(self.rnn(x)))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        error = y - y_pred
        self.mae.update_state(ops.mean(ops.abs(error)))
        # log-cosh, robust against bad labels
        return ops.mean(error + ops.softplus(-2.0 * error) - np.log(2.0))


SEED = 8
keras.utils.set_random_seed(SEED)
train = SensorDataset(1500, 50, SEED)
valid = SensorDataset(400, 50, SEED + 1)
model = SpeedNet()
model.compile(optimizer=keras.optimizers.Adam(3e-3))
model.fit(train, validation_data=valid, epochs=20, verbose=2)

pred = model.predict(valid.x, verbose=0).reshape(-1)
print("correlation:", np.corrcoef(pred, valid.speed)[0, 1])
print("validation R2:", 1 - np.mean((pred - valid.speed) ** 2) / valid.speed.var())
