import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(18)
rng = np.random.default_rng(18)
# 20 notes; the class is the interval pattern that occurs somewhere in the melody
motifs = np.array([[0, 4, 7], [0, 3, 7], [7, 4, 0], [0, 5, 2]])
n = 1500
x = rng.integers(0, 12, size=(n, 20))
y = rng.integers(0, 4, size=n)
for i in range(n):
    at = rng.integers(0, 8)
    x[i, at : at + 3] = motifs[y[i]] + 12
x = np.minimum(x, 19)


def backbone():
    inputs = keras.Input((20,), dtype="int32")
    h = layers.Embedding(20, 12)(inputs)
    h = layers.LSTM(32, return_sequences=True)(h)
    h = layers.LSTM(16)(h)
    return keras.Model(inputs, h, name="melody_encoder")


encoder = backbone()
encoder.trainable = False
model = keras.Sequential([encoder, layers.Dense(4, activation="softmax")])
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:1200], y[:1200], validation_data=(x[1200:], y[1200:]), epochs=12, batch_size=32, verbose=2)
print("accuracy", model.evaluate(x[1200:], y[1200:], verbose=0)[1])
