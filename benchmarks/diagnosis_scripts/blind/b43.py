import os
os.environ["KERAS_BACKEND"] = "jax"
import tempfile

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(63)
rng = np.random.default_rng(63)
prototypes = rng.normal(size=(10, 20))


def sample(n, kinds):
    k = rng.choice(kinds, size=n)
    return (prototypes[k] * rng.uniform(0.6, 1.4, (n, 1)) + 0.5 * rng.normal(size=(n, 20))).astype("float32"), k


# 1. an autoencoder without labels
x, _ = sample(1500, np.arange(10))
encoder = keras.Sequential([layers.Input((20,)), layers.Dense(48, activation="relu"), layers.Dense(10, name="code")])
decoder = keras.Sequential([layers.Input((10,)), layers.Dense(48, activation="relu"), layers.Dense(20)])
both = keras.Sequential([encoder, decoder])
both.compile("adam", "mse")
both.fit(x, x, epochs=12, batch_size=32, verbose=0)
print("reconstruction", both.evaluate(x, x, verbose=0))

# 2. a classifier on the fixed code
encoder.trainable = False
few, labels = sample(300, np.arange(10))
classifier = keras.Sequential([encoder, layers.Dense(10, activation="softmax")])
classifier.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
path = os.path.join(tempfile.mkdtemp(), "clf.keras")
classifier.fit(few, labels, epochs=30, batch_size=20, verbose=0, callbacks=[keras.callbacks.ModelCheckpoint(path, monitor="accuracy", save_best_only=True)])
xt, yt = sample(500, np.arange(10))
print("accuracy with the code kept", keras.models.load_model(path).evaluate(xt, yt, verbose=0)[1])
