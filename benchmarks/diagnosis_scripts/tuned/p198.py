import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(6)
rng = np.random.default_rng(6)
X = rng.standard_normal((1300, 7)).astype("float32")
y = 2 * X[:, 0] + np.maximum(X[:, 1], 0) * X[:, 2]
y = ((y - y.mean()) / y.std()).astype("float32")

model = keras.Sequential([
    layers.Input((7,)),
    layers.Dense(40, activation="relu"),
    layers.Dense(20, activation="relu"),
    layers.Dense(1),
])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(2e-3))
model.fit(X[:1000], y[:1000], epochs=25, batch_size=32, verbose=2, validation_data=(X[1000:], y[1000:]))
pred = model.predict(X[1000:], verbose=0).ravel()
print("RMSE", np.sqrt(np.mean((pred - y[1000:]) ** 2)))
