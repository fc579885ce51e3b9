import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

WIDTH, DEPTH = 1024, 3
keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)
X = rng.standard_normal((580, 10)).astype("float32")
dose = np.tanh(X[:, 0] + X[:, 1] - X[:, 2])
y = (dose + 0.5 * rng.standard_normal(580)).astype("float32")

model = keras.Sequential([keras.layers.Input((10,))])
for _ in range(DEPTH):
    model.add(keras.layers.Dense(WIDTH, activation="tanh"))
model.add(keras.layers.Dense(1))
model.compile(optimizer=keras.optimizers.Adam(0.01), loss="mse")
print(model.count_params(), "parameters for 80 records")
model.fit(X[:80], y[:80], epochs=50, batch_size=10, validation_data=(X[80:], y[80:]), verbose=2)
print("variance", y.var(), "test mse", model.evaluate(X[80:], y[80:], verbose=0))
