import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras

SEED = 44
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# 8 machines that run for a long time. A machine gets a "mode" switch from time to time
# (channel 0); its output is the level of its mode plus half of what drives it (channel 1).
N_MACHINES, T, CHUNK, UNITS = 8, 960, 12, 24


def plant(n, t):
    switch = np.where(rng.random((n, t)) < 0.03, rng.choice([-1.0, 1.0], (n, t)), 0.0)
    switch[:, 0] = 1.0
    mode = np.zeros((n, t))
    m = np.ones(n)
    for k in range(t):
        m = np.where(switch[:, k] != 0, switch[:, k], m)
        mode[:, k] = m
    drive = rng.uniform(-1, 1, (n, t))
    return np.stack([switch, drive], -1).astype("float32"), (mode + 0.5 * drive)[..., None].astype("float32")


x_in = keras.Input((CHUNK, 2))
h_in, c_in = keras.Input((UNITS,)), keras.Input((UNITS,))
seq, h_out, c_out = keras.layers.LSTM(UNITS, return_sequences=True, return_state=True)(
    x_in, initial_state=[h_in, c_in]
)
y_out = keras.layers.Dense(1)(seq)
learner = keras.Model([x_in, h_in, c_in], y_out)
runner = keras.Model([x_in, h_in, c_in], [y_out, h_out, c_out])  # the same layers, tells its state
learner.compile(optimizer=keras.optimizers.Adam(5e-3, clipnorm=1.0), loss="mse")


def rest(n):
    return np.zeros((n, UNITS), "float32"), np.zeros((n, UNITS), "float32")


x, y = plant(N_MACHINES, T)
x_test, y_test = plant(N_MACHINES, T // 2)
for epoch in range(12):
    h, c = rest(N_MACHINES)
    learner.reset_metrics()
    for k in range(0, T, CHUNK):
        part = [x[:, k:k + CHUNK], h, c]
        _, h, c = runner.predict_on_batch(part)
        loss = learner.train_on_batch(part, y[:, k:k + CHUNK])
    print(f"epoch {epoch + 1}: mse {float(loss):.5f}")

h, c = rest(N_MACHINES)
errors = []
for k in range(0, T // 2, CHUNK):
    guess, h, c = runner.predict_on_batch([x_test[:, k:k + CHUNK], h, c])
    errors.append(((guess - y_test[:, k:k + CHUNK]) ** 2).mean())
print("variance explained on new machines: %.4f" % (1 - np.mean(errors) / y_test.var()))
