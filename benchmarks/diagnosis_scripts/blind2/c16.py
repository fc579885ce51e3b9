import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(35)
rng = np.random.default_rng(35)
n = 2000
X = rng.uniform(-1, 1, (n, 8, 2)).astype("float32")
# fuel used on a trip: speed and slope over eight stretches
fuel = (X[:, :, 0] ** 2 + 0.8 * X[:, :, 1]).sum(1)
fuel = ((fuel - fuel.mean()) / fuel.std() + 0.1 * rng.normal(size=n)).astype("float32")
METRIC = "accuracy"

model = keras.Sequential([layers.Input((8, 2)), layers.GRU(32), layers.Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse", metrics=[METRIC])
h = model.fit(X[:1600], fuel[:1600], validation_split=0.1, epochs=18, batch_size=32, verbose=0)
for name, values in h.history.items():
    print(name, " ".join("%.3f" % v for v in values[::3]))
print("test", METRIC, model.evaluate(X[1600:], fuel[1600:], verbose=0)[1])
