import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, SimpleRNN, Input
from keras.callbacks import ReduceLROnPlateau

# tides: one-step forecast with the smallest net that does it
keras.utils.set_random_seed(42)
np.random.seed(42)
t = np.arange(900)
series = np.sin(2 * np.pi * t / 25) + 0.05 * np.random.randn(900)

look_back = 12
X = np.array([series[i:i + look_back] for i in range(len(series) - look_back)])[..., None]
Y = series[look_back:]
trainX, trainY, testX, testY = X[:700], Y[:700], X[700:], Y[700:]

model = Sequential()
model.add(Input((look_back, 1)))
model.add(SimpleRNN(4))
model.add(Dense(1))
model.summary()
model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(0.01))
callbacks = [ReduceLROnPlateau(patience=5, factor=0.5, min_lr=1e-4)]
model.fit(trainX, trainY, epochs=30, batch_size=16, validation_data=(testX, testY), callbacks=callbacks, verbose=2)

pred = model.predict(testX, verbose=0)[:, 0]
print("naive RMSE %.4f" % np.sqrt(np.mean((testX[:, -1, 0] - testY) ** 2)))
print("Test Score: %.4f RMSE" % np.sqrt(np.mean((pred - testY) ** 2)))
