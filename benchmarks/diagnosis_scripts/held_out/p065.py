import os

os.environ["KERAS_BACKEND"] = "torch"
import warnings

import keras
import numpy as np

warnings.filterwarnings("ignore")
keras.utils.set_random_seed(4)
rng = np.random.default_rng(4)

# machine load: sometimes the machine is switched off for a while
load = 50 + np.cumsum(rng.standard_normal(1100))
load[300:330] = 0.0
load[705:730] = 0.0
w = np.lib.stride_tricks.sliding_window_view(load, 16).copy()
mu = w.mean(axis=1, keepdims=True)
sd = w.std(axis=1, keepdims=True)
w = (w - mu) / sd
x, y = w[:, :15, None].astype("float32"), w[:, 15].astype("float32")

model = keras.Sequential([keras.layers.GRU(12), keras.layers.Dense(1)])
model.compile(optimizer="adam", loss="mae")
hist = model.fit(x, y, epochs=6, batch_size=32, verbose=2)
print("final loss:", hist.history["loss"][-1])
