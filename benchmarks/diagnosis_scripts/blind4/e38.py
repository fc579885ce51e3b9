# Counting pedestrians that pass a light barrier, from a short binary-ish recording.
# The LSTM takes its state as an input and gives it back, so that long recordings can be cut in pieces.
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(31)
np.random.seed(31)

BATCH, UNITS = 32, 24
LENGTHS = [8, 16, 28]


def recordings(batches):
    """batches of recordings of one length each: a signal and the number of persons in it (in tens)"""
    out = []
    for k in range(batches):
        rate = np.random.uniform(0.05, 0.6, size=(BATCH, 1))
        pulses = (np.random.rand(BATCH, LENGTHS[k % len(LENGTHS)]) < rate).astype("float32")
        signal = pulses + 0.1 * np.random.randn(*pulses.shape)
        out.append((signal[..., None].astype("float32"), (pulses.sum(1) / 10.0).astype("float32")))
    return out


def zero_state():
    return [np.zeros((BATCH, UNITS), "float32"), np.zeros((BATCH, UNITS), "float32")]


train, test = recordings(30), recordings(12)

x_in = layers.Input((None, 1))
h_in, c_in = layers.Input((UNITS,)), layers.Input((UNITS,))
out, h_out, c_out = layers.LSTM(UNITS, return_state=True)(x_in, initial_state=[h_in, c_in])
count = layers.Dense(1)(out)
model = keras.Model([x_in, h_in, c_in], count)
stepper = keras.Model([x_in, h_in, c_in], [count, h_out, c_out])
model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.004))

state = zero_state()
for epoch in range(25):
    losses = []
    np.random.shuffle(train)
    for x, y in train:
        _, h, c = stepper.predict_on_batch([x] + state)
        loss = model.train_on_batch([x] + state, y)
        state = [np.asarray(h), np.asarray(c)]
        losses.append(float(loss))
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", np.mean(losses))

errors = []
for x, y in test:
    pred, h, c = stepper.predict_on_batch([x] + state)
    state = [np.asarray(h), np.asarray(c)]
    errors.append(np.abs(np.asarray(pred)[:, 0] - y).mean())
print("mean absolute error in persons:", 10 * np.mean(errors))
