import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(19)
rng = np.random.default_rng(19)
c = rng.standard_normal((8, 20))
lab = rng.integers(0, 8, 5000)
x = (c[lab] * np.sign(rng.standard_normal((5000, 1))) + 0.6 * rng.standard_normal((5000, 20))).astype("float32")
x_train, y_train, x_test, y_test = x[:4000], lab[:4000], x[4000:], lab[4000:]

model = keras.Sequential([
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(64, activation="relu"),
    keras.layers.Dense(8, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=len(x_train), epochs=20, verbose=2)
print("Accuracy:", model.evaluate(x_test, y_test, verbose=0)[1])
