import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras

keras.utils.set_random_seed(81)
rng = np.random.default_rng(81)
n = 4000
x = rng.normal(size=(n, 8)).astype("float32")
odds = 2.2 * x[:, 0] - 1.8 * x[:, 3] * (x[:, 4] > 0) - 5
y = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype("int32")
print("share of ones", y.mean())
weight = {0: 0.5 / (1 - y.mean()), 1: 0.5 / y.mean()}
model = keras.Sequential([keras.layers.Input((8,)), keras.layers.Dense(24, activation="relu"), keras.layers.Dense(1, activation="sigmoid")])
rate = keras.optimizers.schedules.ExponentialDecay(5e-3, decay_steps=300, decay_rate=0.8)
model.compile(keras.optimizers.Adam(rate), "binary_crossentropy", metrics=[keras.metrics.AUC(name="auc")])
model.fit(x[:3200], y[:3200], epochs=15, batch_size=64, class_weight=weight, validation_data=(x[3200:], y[3200:]), verbose=2)
print("AUC", model.evaluate(x[3200:], y[3200:], verbose=0)[1])
