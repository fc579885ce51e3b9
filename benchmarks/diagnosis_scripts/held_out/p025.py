import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

UNITS = 1
keras.utils.set_random_seed(33)
rng = np.random.default_rng(33)
x = rng.integers(0, 10, size=(3000, 6))
y = x[:, 1]

model = keras.Sequential([
    keras.layers.Embedding(10, 8),
    keras.layers.LSTM(UNITS),
    keras.layers.Dense(10, activation="softmax"),
])
model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"])
hist = model.fit(x, y, batch_size=64, epochs=20, validation_split=0.2, verbose=2)
print("accuracy =", hist.history["val_accuracy"][-1])
