import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np

keras.utils.set_random_seed(30)
rng = np.random.default_rng(30)
# recordings of six speakers, a folder each
SPEAKERS, PER = 6, 400
voice = rng.normal(size=(SPEAKERS, 12))


def folder(k, n):
    return (voice[k] * 0.5 + 0.9 * rng.normal(size=(n, 12))).astype("float32")


X = np.concatenate([folder(k, PER) for k in range(SPEAKERS)])
Y = np.concatenate([np.full(PER, k) for k in range(SPEAKERS)])
X_test = np.concatenate([folder(k, 100) for k in range(SPEAKERS)])
Y_test = np.repeat(np.arange(SPEAKERS), 100)

model = keras.models.Sequential()
model.add(keras.layers.Input((12,)))
model.add(keras.layers.Dense(48, activation="relu"))
model.add(keras.layers.Dense(SPEAKERS, activation="softmax"))
model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"])
model.fit(X, Y, batch_size=10, epochs=8, shuffle=False, verbose=2)
_, acc = model.evaluate(X_test, Y_test, verbose=0)
print("speaker identification accuracy: %.3f" % acc)
