import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import LSTM, Dense
from keras.models import Sequential

keras.utils.set_random_seed(1)
first = np.random.randint(0, 2, size=200)
X = np.random.randint(0, 10, size=(200, 3, 1))
X[:, 0, 0] = first
Y = keras.utils.to_categorical(first, 2)

model = Sequential()
model.add(LSTM(15, return_sequences=True))
model.add(LSTM(15, return_sequences=True))
model.add(LSTM(15))
model.add(Dense(2, activation="softmax", kernel_initializer="RandomUniform"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["accuracy"])
h = model.fit(X, Y, epochs=60, batch_size=32, verbose=2)
print("final", h.history["accuracy"][-1])
