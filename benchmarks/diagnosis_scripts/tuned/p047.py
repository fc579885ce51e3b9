import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

np.random.seed(0)
keras.utils.set_random_seed(0)
centers = np.random.randn(5, 12) * 1.5
y = np.random.randint(0, 5, 1500)
X = centers[y] + np.random.randn(1500, 12)
X = (X - X.mean(0)) / X.std(0)
Y = keras.utils.to_categorical(y, 5)

model = keras.Sequential()
model.add(keras.layers.Input((12,)))
model.add(keras.layers.Dense(64, activation="relu"))
model.add(keras.layers.Dense(32, activation="relu"))
model.add(keras.layers.Dense(5, activation="softmax"))
opt = keras.optimizers.SGD(learning_rate=1e-5)
model.compile(loss="categorical_crossentropy", optimizer=opt, metrics=["accuracy"])
model.summary()
model.fit(X[:1200], Y[:1200], batch_size=16, epochs=25, verbose=2, validation_data=(X[1200:], Y[1200:]))
score = model.evaluate(X[1200:], Y[1200:], verbose=0)
print("test loss:", score[0])
print("test acc:", score[1])
