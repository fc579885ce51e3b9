import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(0)
# 8 plants recorded in parallel
rng = np.random.default_rng(0)
streams, seg, n_seg, units = 8, 10, 80, 24
steps = seg * n_seg + 1
pulse = (rng.random((streams, steps)) < 0.08).astype("float32")
level = np.zeros((streams, steps), "float32")
for t in range(1, steps):
    level[:, t] = 0.93 * level[:, t - 1] + pulse[:, t]
level = level / level.std()
x = pulse[:, 1:].reshape(streams, n_seg, seg, 1)
y = level[:, 1:].reshape(streams, n_seg, seg, 1)

x_in, h_in = keras.Input((seg, 1)), keras.Input((units,))
sequence, h_out = layers.GRU(units, return_sequences=True, return_state=True)(x_in, initial_state=h_in)
model = keras.Model([x_in, h_in], layers.Dense(1)(sequence))
tail = keras.Model([x_in, h_in], h_out)
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
cut = 60
for epoch in range(14):
    h = np.zeros((streams, units), "float32")
    losses = []
    for k in range(cut):
        losses.append(float(model.train_on_batch([x[:, k], h], y[:, k])))
        h = tail.predict_on_batch([x[:, k], h])
    print("epoch", epoch, np.mean(losses))
out = []
for k in range(cut, n_seg):
    out.append(model.predict_on_batch([x[:, k], h]))
    h = tail.predict_on_batch([x[:, k], h])
p = np.stack(out, 1)
print("r2 on the continuation:", 1 - np.mean((p - y[:, cut:]) ** 2) / np.var(y[:, cut:]))
