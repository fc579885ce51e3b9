import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(210)
rng = np.random.default_rng(210)
W = rng.standard_normal((20, 6))
X = rng.standard_normal((4000, 20)).astype("float32")
latent = np.maximum(X @ W, 0)
task_a = latent.argmax(1)
task_b = (latent[:, 0] + latent[:, 1] > latent[:, 2] + latent[:, 3]).astype(int)

base = keras.Sequential([keras.layers.Input((20,)), keras.layers.Dense(64, activation="relu"), keras.layers.Dense(32, activation="relu")])
pre = keras.Sequential([base, keras.layers.Dense(6, activation="softmax")])
pre.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
pre.fit(X[:3000], task_a[:3000], epochs=10, batch_size=32, verbose=2)

base.trainable = False
model = keras.Sequential([base, keras.layers.Dense(1, activation="sigmoid")])
model.compile(keras.optimizers.Adam(5e-3), "binary_crossentropy", metrics=["accuracy"])
model.fit(X[3000:3700], task_b[3000:3700], epochs=10, batch_size=32, verbose=2)
base.trainable = True
model.compile(keras.optimizers.Adam(1e-4), "binary_crossentropy", metrics=["accuracy"])
model.fit(X[3000:3700], task_b[3000:3700], epochs=5, batch_size=32, verbose=2)
print("after fine-tuning", model.evaluate(X[3700:], task_b[3700:], verbose=0)[1])
