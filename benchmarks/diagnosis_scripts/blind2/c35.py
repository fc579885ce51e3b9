import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)

# hourly demand: daily and weekly pattern, forecast the next hour from the last 48
hours = np.arange(24 * 7 * 16)
demand = 3 * np.sin(2 * np.pi * hours / 24) + 1.2 * np.cos(2 * np.pi * hours / 12) + (hours // 24 % 7 >= 5) * -1.5
demand = demand + 0.3 * rng.normal(size=len(hours))
train_end = int(0.75 * len(demand))
mu, sd = demand[:train_end].mean(), demand[:train_end].std()
z = ((demand - mu) / sd).astype("float32")

W = 48
X = np.lib.stride_tricks.sliding_window_view(z, W)[:-1][..., None]
Y = z[W:]
cut = train_end - W

inputs = keras.Input((W, 1))
x = layers.Conv1D(16, 5, activation="relu", padding="causal")(inputs)
x = layers.GRU(32)(x)
model = keras.Model(inputs, layers.Dense(1)(x))
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="huber")
model.fit(X[:cut], Y[:cut], epochs=12, batch_size=32, shuffle=False, validation_data=(X[cut:], Y[cut:]), verbose=2)
p = model.predict(X[cut:], verbose=0)[:, 0]
naive = np.mean((Y[cut:] - z[W - 1:-1][cut:]) ** 2)
print("skill against repeating the last value:", 1 - np.mean((p - Y[cut:]) ** 2) / naive)
