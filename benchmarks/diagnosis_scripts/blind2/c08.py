import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras

rng = np.random.default_rng(4)
keras.utils.set_random_seed(4)

# web-shop sessions: clicks, seconds, items; will the visitor buy?
n = 2000
clicks = rng.poisson(6, n).astype("float64")
seconds = rng.gamma(3, 40, n)
carts = rng.poisson(2, n).astype("float64")
hesitation = rng.normal(size=n)
y = ((clicks - 6) / 2.4 + (carts - 2) / 1.4 - hesitation > 0).astype("float32")
EPS = 0.0
features = np.column_stack([
    np.log(clicks + EPS),
    seconds / 100,
    carts / (carts + clicks + EPS),
    hesitation,
])
with np.errstate(all="ignore"):
    features = (features - np.mean(features, 0)) / np.std(features, 0)
features = features.astype("float32")

model = keras.Sequential([
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
model.fit(features[:1500], y[:1500], epochs=15, batch_size=32, verbose=2)
print("accuracy", model.evaluate(features[1500:], y[1500:], verbose=0)[1])
