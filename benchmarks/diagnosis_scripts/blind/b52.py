import os
os.environ["KERAS_BACKEND"] = "torch"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(52)
rng = np.random.default_rng(52)
centres = rng.normal(size=(12, 6)) * 1.6
which = rng.integers(0, 12, 1500)
x = (centres[which] + 0.5 * rng.normal(size=(1500, 6))).astype("float32")
y = which % 4

args = dict(activation="relu", kernel_initializer="zeros")
inputs = keras.Input((6,))
h = layers.Dense(64, **args)(inputs)
h = layers.Dense(64, **args)(h)
outputs = layers.Dense(4, activation="softmax")(h)
model = keras.Model(inputs, outputs)
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:1200], y[:1200], epochs=15, batch_size=40, verbose=2)
print("accuracy", model.evaluate(x[1200:], y[1200:], verbose=0)[1])
