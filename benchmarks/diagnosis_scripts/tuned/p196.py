import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(112)
rng = np.random.default_rng(112)
centres = 0.7 * rng.standard_normal((8, 12))


def per_class(k):
    xs = [centres[c] + 0.6 * rng.standard_normal((k, 12)) for c in range(8)]
    return np.concatenate(xs).astype("float32"), np.repeat(np.arange(8), k)


x_train, y_train = per_class(250)
x_test, y_test = per_class(40)
model = keras.Sequential([
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(32, activation="relu"),
    keras.layers.Dense(8, activation="softmax"),
])
model.compile(optimizer=keras.optimizers.SGD(0.1, momentum=0.9), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=10, batch_size=20, shuffle=False, verbose=2)
print("test accuracy", model.evaluate(x_test, y_test, verbose=0)[1])
