import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers, regularizers

"""Taxi fares: large targets are standardised for training and turned back afterwards."""

keras.config.set_floatx("float64")
keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

n = 2400
dist = rng.gamma(2.0, 3.0, n)
hour = rng.uniform(0, 24, n)
passengers = rng.integers(1, 6, n)
airport = rng.random(n) < 0.1
fare_cents = 25000 + 21000 * dist + 60000 * np.sin(np.pi * hour / 12) + 190000 * airport + 9000 * rng.normal(size=n)

X = np.column_stack([dist, np.sin(np.pi * hour / 12), np.cos(np.pi * hour / 12), passengers, airport])
X = (X - X.mean(0)) / X.std(0)
mu, sd = fare_cents[:2000].mean(), fare_cents[:2000].std()
Y = (fare_cents - mu) / sd

model = keras.Sequential(
    [
        layers.Input((5,)),
        layers.Dense(32, kernel_regularizer=regularizers.l2(1e-5)),
        layers.BatchNormalization(),
        layers.Activation("relu"),
        layers.Dense(16, activation="relu"),
        layers.Dense(1),
    ]
)
optimizer = keras.optimizers.Adam(0.004, gradient_accumulation_steps=4)
model.compile(optimizer=optimizer, loss=keras.losses.Huber())
model.fit(X[:2000], Y[:2000], batch_size=8, epochs=14, validation_data=(X[2000:], Y[2000:]), verbose=2)

pred = model.predict(X[2000:], verbose=0)[:, 0] * sd + mu
true = fare_cents[2000:]
print("MAE in cents", np.mean(np.abs(pred - true)))
print("R2", 1 - np.mean((pred - true) ** 2) / np.var(true))
