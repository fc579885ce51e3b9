import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

keras.utils.set_random_seed(215)
rng = np.random.default_rng(215)
x = rng.standard_normal((420, 4)).astype("float32")
y = (x @ np.array([1.0, -2.0, 0.5, 1.5]) > 0).astype("float32")
rate = keras.optimizers.schedules.ExponentialDecay(0.5, decay_steps=100, decay_rate=0.9)
model = keras.Sequential([keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer=keras.optimizers.SGD(rate), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(x[:120], y[:120], epochs=30, batch_size=10, verbose=0)
print("accuracy =", model.evaluate(x[120:], y[120:], verbose=0)[1])
