import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(132)
rng = np.random.default_rng(132)
x = rng.uniform(-2, 2, (1200, 3)).astype("float32")
y = (np.sin(x[:, :1]) + 0.3 * x[:, 1:2] * x[:, 2:]).astype("float32")
x_train, y_train, x_test, y_test = x[:1000], y[:1000], x[1000:], y[1000:]

model = keras.Sequential([
    keras.layers.Dense(48, activation="relu"),
    keras.layers.Dense(48, activation="relu"),
    keras.layers.Dense(1),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="mse", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=30, batch_size=32, validation_data=(x_test, y_test), verbose=2)
loss, metric = model.evaluate(x_test, y_test, verbose=0)
print("loss:", loss, "metric:", metric)
