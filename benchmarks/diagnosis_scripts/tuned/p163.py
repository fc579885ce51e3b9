import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(412)
rng = np.random.default_rng(412)
x = (20 + 5 * rng.standard_normal((1500, 15, 2))).astype("float32")
y = ((x[:, -4:, 0].mean(1) - x[:, :, 1].mean(1)) / 3).astype("float32")
norm = keras.layers.Normalization()
norm.adapt(x[:1200])
model = keras.Sequential([
    norm,
    keras.layers.GRU(32),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(5e-3, clipnorm=1.0), loss=keras.losses.Huber())
model.fit(x[:1200], y[:1200], epochs=20, batch_size=32, verbose=2)
p = model.predict(x[1200:], verbose=0).ravel()
print("r2-gap", np.mean((p - y[1200:]) ** 2) / y[1200:].var())
