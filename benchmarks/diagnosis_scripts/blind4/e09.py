# Water tank simulation: the level depends on everything that happened before,
# so the recording is fed in order, piece after piece, and the state is handed on.
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(31)
np.random.seed(31)

TANKS, CHUNK, CHUNKS, UNITS = 16, 10, 30, 20

inflow = np.random.randn(TANKS, CHUNKS * CHUNK).astype("float32")
level = np.zeros_like(inflow)
for k in range(1, level.shape[1]):
    level[:, k] = 0.95 * level[:, k - 1] + 0.3 * inflow[:, k]

x_in = layers.Input((CHUNK, 1))
h_in, c_in = layers.Input((UNITS,)), layers.Input((UNITS,))
seq, h_out, c_out = layers.LSTM(UNITS, return_sequences=True, return_state=True)(x_in, initial_state=[h_in, c_in])
y_out = layers.Dense(1)(seq)
model = keras.Model([x_in, h_in, c_in], y_out)
stepper = keras.Model([x_in, h_in, c_in], [y_out, h_out, c_out])
model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.006, clipnorm=1.0))

pieces = [(inflow[:, i:i + CHUNK, None], level[:, i:i + CHUNK, None]) for i in range(0, CHUNKS * CHUNK, CHUNK)]
for epoch in range(25):
    state = [np.zeros((TANKS, UNITS), "float32")] * 2        # a new pass over the recording
    losses, outputs = [], []
    for x, y in pieces:
        p, h, c = stepper.predict_on_batch([x] + state)
        losses.append(float(model.train_on_batch([x] + state, y)))
        outputs.append(np.asarray(p))
        state = [np.asarray(h), np.asarray(c)]
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "mse", round(float(np.mean(losses)), 5))

pred = np.concatenate(outputs, axis=1)[..., 0]
r2 = 1 - np.mean((pred - level) ** 2) / np.var(level)
print("R2 over the recording:", r2)
