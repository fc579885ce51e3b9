import os
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

rng = np.random.default_rng(42)
keras.utils.set_random_seed(42)

# Temperature anomaly, 10 days in, the day after tomorrow out.
steps = 1600
anomaly = np.zeros(steps)
ocean = np.sin(np.arange(steps) / 40)
for i in range(1, steps):
    anomaly[i] = 0.7 * anomaly[i - 1] + 0.3 * ocean[i] + 0.5 * rng.normal()
anomaly = (anomaly - anomaly.mean()) / anomaly.std()

data = np.stack([anomaly, ocean], -1).astype("float32")
ds_x = np.lib.stride_tricks.sliding_window_view(data, 10, axis=0).transpose(0, 2, 1)[:-2]
ds_y = data[11:, 0]
cut = 1250

inp = keras.Input(shape=ds_x.shape[1:])
z = keras.layers.GRU(24, return_sequences=True)(inp)
z = keras.layers.GlobalAveragePooling1D()(z)
z = keras.layers.Concatenate()([z, keras.layers.Flatten()(inp)])
z = keras.layers.Dense(32, activation="relu")(z)
out = keras.layers.Dense(1)(z)
net = keras.Model(inp, out)
net.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mean_absolute_percentage_error", metrics=["mse"])
net.summary()
net.fit(
    ds_x[:cut], ds_y[:cut],
    validation_data=(ds_x[cut:], ds_y[cut:]),
    epochs=15, batch_size=32, verbose=2,
    callbacks=[keras.callbacks.ReduceLROnPlateau(patience=5)],
)
p = net.predict(ds_x[cut:], verbose=0)[:, 0]
t = ds_y[cut:]
print("skill (1 - MSE/var):", round(float(1 - ((p - t) ** 2).mean() / t.var()), 3))
