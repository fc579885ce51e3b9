import os
os.environ["KERAS_BACKEND"] = "torch"

import keras
import numpy as np

keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)

# two interleaved spirals, with two features more that are squares
n = 1500
r = rng.uniform(0.3, 2.0, n)
side = rng.integers(0, 2, n)
a = 2.2 * r + np.pi * side + rng.normal(0, 0.12, n)
X = np.c_[r * np.cos(a), r * np.sin(a)]
X = np.c_[X, X ** 2]
X = (X - X.mean(0)) / X.std(0)
y = side

ACT = "sigmoid"
DEPTH = 11

model = keras.Sequential()
model.add(keras.Input(shape=(4,)))
for i in range(DEPTH):
    model.add(keras.layers.Dense(32, activation=ACT, name=f"hidden_{i}"))
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(1e-3), metrics=["accuracy"])

h = model.fit(X[:1200], y[:1200], epochs=16, batch_size=50, verbose=0, validation_data=(X[1200:], y[1200:]), validation_batch_size=300)
for e in range(0, 16, 4):
    print("epoch %2d loss %.4f acc %.3f val %.3f" % (e, h.history["loss"][e], h.history["accuracy"][e], h.history["val_accuracy"][e]))
print("final val accuracy %.3f" % h.history["val_accuracy"][-1])
