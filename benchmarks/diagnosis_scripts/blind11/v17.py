import os
os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras.layers import Conv1D, Dense, GlobalMaxPooling1D, Input, MaxPooling1D
from keras.models import Sequential

SEED = 14
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

# ECG-like beats, 3 kinds
n, width = 3000, 64
t = np.arange(width)
kind = rng.integers(0, 3, n)
centre = rng.uniform(20, 44, n)[:, None]
qrs = np.exp(-0.5 * ((t - centre) / 1.8) ** 2)
qrs_wide = np.exp(-0.5 * ((t - centre) / 4.0) ** 2)
notch = qrs - 0.8 * np.exp(-0.5 * ((t - centre - 5) / 1.5) ** 2)
beats = np.choose(kind[:, None], [qrs, qrs_wide, notch]) + 0.25 * rng.normal(size=(n, width))
beats = (beats - beats.mean()) / beats.std()

X_train, y_train = beats[:2400, :, None].astype("float32"), kind[:2400]
X_test, y_test = beats[2400:, :, None].astype("float32"), kind[2400:]

model = Sequential([
    Input((width, 1)),
    Conv1D(16, 7, activation="relu"),
    MaxPooling1D(2),
    Conv1D(32, 5, activation="relu"),
    GlobalMaxPooling1D(),
    Dense(32, activation="relu"),
    Dense(3, activation="softmax"),
])
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, batch_size=len(X_train), epochs=10, verbose=2, validation_data=(X_test, y_test))
y_hat = model.predict(X_test, verbose=0).argmax(1)
cm = np.zeros((3, 3), int)
np.add.at(cm, (y_test, y_hat), 1)
print(cm)
print("Test accuracy:", (y_hat == y_test).mean())
