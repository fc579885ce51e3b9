import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

keras.utils.set_random_seed(0)
np.random.seed(0)
X = np.random.randn(1000, 12, 3)
y = (X[:, :, 1].mean(axis=1) > 0).astype("float32").reshape(-1, 1)

model = keras.Sequential()
model.add(keras.layers.Input((12, 3)))
model.add(keras.layers.GRU(16))
model.add(keras.layers.Dense(1, activation="sigmoid"))
model.compile(loss="categorical_crossentropy", optimizer="adam", metrics=["binary_accuracy"])
model.fit(X[:800], y[:800], epochs=8, batch_size=32, verbose=2)
print("accuracy", model.evaluate(X[800:], y[800:], verbose=0)[1])
