import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(77)
rng = np.random.default_rng(77)
X = rng.standard_normal((3500, 9)).astype("float32")
z = X[:, 0] + 0.8 * X[:, 1] * X[:, 2] + 0.9 * rng.standard_normal(3500)
y = (z > 2.75).astype("int32")
print("positives:", y.mean())
X_train, X_test, y_train, y_test = X[:2500], X[2500:], y[:2500], y[2500:]

inp = keras.Input((9,))
h = keras.layers.Dense(24, activation="relu")(inp)
h = keras.layers.Dense(12, activation="relu")(h)
out = keras.layers.Dense(1, activation="sigmoid")(h)
model = keras.Model(inp, out)
model.compile(optimizer=keras.optimizers.Adam(1e-3), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=15, batch_size=64, verbose=2)
pred = (model.predict(X_test, verbose=0)[:, 0] > 0.5).astype(int)
tp = ((pred == 1) & (y_test == 1)).sum()
print("accuracy =", (pred == y_test).mean())
print("recall of class 1 =", tp / (y_test == 1).sum())
