import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

rate = 0.95
keras.utils.set_random_seed(122)
rng = np.random.default_rng(122)
X = rng.standard_normal((1200, 6)).astype("float32")
y = X[:, 0] * X[:, 1] + np.sin(2 * X[:, 2])
y = ((y - y.mean()) / y.std()).astype("float32")

model = keras.Sequential()
model.add(keras.layers.Input((6,)))
for units in (64, 64, 32):
    model.add(keras.layers.Dense(units, activation="relu"))
    model.add(keras.layers.Dropout(rate))
model.add(keras.layers.Dense(1))
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="mse")
r = model.fit(X, y, validation_split=0.2, batch_size=32, epochs=40, verbose=2)
print("val_mse", r.history["val_loss"][-1])
