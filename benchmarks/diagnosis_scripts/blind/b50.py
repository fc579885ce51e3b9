import os
os.environ["KERAS_BACKEND"] = "jax"
from keras.models import Sequential
from keras.layers import Dense, Input
import keras
import numpy as np

np.random.seed(7)
keras.utils.set_random_seed(7)
# eight clinical measurements, already standardised
X = np.random.randn(1000, 8)
risk = 1.2 * X[:, 1] + 0.8 * X[:, 5] - X[:, 2] * X[:, 7]
Y = (risk + 0.3 * np.random.randn(1000) > 0).astype(float)

model = Sequential()
model.add(Input(shape=(8,)))
model.add(Dense(24, activation="relu"))
model.add(Dense(12, activation="relu"))
model.add(Dense(1, activation="sigmoid"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["binary_accuracy"])
model.fit(X[:800], Y[:800], epochs=40, batch_size=10, verbose=0)
scores = model.evaluate(X[800:], Y[800:], verbose=0)
print("%s: %.4f" % ("accuracy", scores[1]))
