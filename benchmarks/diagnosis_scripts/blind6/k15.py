import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
from keras.layers import LSTM, Dense, Input
import numpy as np

# How much water went through the meter?  Each sample: the readings of one house, target: what they add up to.
# Houses are read 6, 10 or 16 times; a batch holds houses with the same number of readings.
seed = 6
keras.utils.set_random_seed(seed)
bs, units = 32, 24


def bucket(T, n):
    flow = np.random.gamma(0.7, 1.0, (n, T, 1)).astype("float32")
    return flow, (flow.sum(axis=(1, 2)) / 6).astype("float32")


def batches(buckets):
    out = []
    for x, y in buckets:
        order = np.random.permutation(len(x))
        out += [(x[order[b:b + bs]], y[order[b:b + bs]]) for b in range(0, len(x), bs)]
    np.random.shuffle(index := np.arange(len(out)))
    return [out[i] for i in index]


train = [bucket(T, 384) for T in (6, 10, 16)]
test = batches([bucket(T, 128) for T in (6, 10, 16)])

x_in, h_in, c_in = Input((None, 1)), Input((units,)), Input((units,))
out, h_out, c_out = LSTM(units, return_state=True)(x_in, initial_state=[h_in, c_in])
model = keras.Model([x_in, h_in, c_in], Dense(1)(out))
memory = keras.Model([x_in, h_in, c_in], [h_out, c_out])
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mse")

zeros = np.zeros((bs, units), dtype="float32")
for i in range(15):
    h, c = zeros, zeros
    losses = []
    for xb, yb in batches(train):
        losses.append(float(model.train_on_batch([xb, h, c], yb)))
        h, c = memory.predict_on_batch([xb, h, c])
    print("pass", i, "loss", round(np.mean(losses), 4))

h, c = zeros, zeros
pred = []
for xb, _ in test:
    pred.append(model.predict_on_batch([xb, h, c])[:, 0])
    h, c = memory.predict_on_batch([xb, h, c])
truth = np.concatenate([y for _, y in test])
print("r2", round(float(1 - np.mean((np.concatenate(pred) - truth) ** 2) / np.var(truth)), 4))
