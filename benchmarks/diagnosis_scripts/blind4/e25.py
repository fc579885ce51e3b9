# How do I improve the accuracy of my LSTM for electricity demand? It never gets above 0.
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import LSTM, Dense, Input

keras.utils.set_random_seed(4)
rng = np.random.default_rng(4)

hours = np.arange(1500)
demand = 50 + 12 * np.sin(2 * np.pi * hours / 24) + 5 * np.sin(2 * np.pi * hours / 168) + rng.normal(0, 1.0, 1500)
mean, std = demand[:1200].mean(), demand[:1200].std()
z = (demand - mean) / std

WINDOW = 24
X = np.stack([z[i:i + WINDOW] for i in range(len(z) - WINDOW)])[..., None].astype("float32")
Y = z[WINDOW:].astype("float32")
X_train, Y_train = X[:1150], Y[:1150]
X_test, Y_test = X[1150:], Y[1150:]

model = Sequential([Input((WINDOW, 1)), LSTM(32), Dense(1)])
model.compile(optimizer=keras.optimizers.Adam(0.005), loss="mse", metrics=["accuracy"])
history = model.fit(X_train, Y_train, epochs=20, batch_size=32, validation_data=(X_test, Y_test), verbose=2)

loss, score = model.evaluate(X_test, Y_test, verbose=0)
print("test loss:", loss)
print("test score:", score)
