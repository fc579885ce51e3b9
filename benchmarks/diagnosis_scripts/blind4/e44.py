import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.models import Sequential
from keras.layers import Dense, LSTM, Input
from keras.optimizers import Adam
from keras.callbacks import ReduceLROnPlateau

# airline-passengers-like series: trend + season, one-step forecast
keras.utils.set_random_seed(42)
np.random.seed(42)
t = np.arange(900)
series = 0.004 * t + np.sin(2 * np.pi * t / 12) + 0.4 * np.sin(2 * np.pi * t / 30) + 0.08 * np.random.randn(900)
lo, hi = series[:700].min(), series[:700].max()
scaled = (series - lo) / (hi - lo)


def create_dataset(dataset, look_back=24):
    dataX, dataY = [], []
    for i in range(len(dataset) - look_back):
        dataX.append(dataset[i:i + look_back])
        dataY.append(dataset[i + look_back])
    return np.array(dataX), np.array(dataY)


look_back = 24
trainX, trainY = create_dataset(scaled[:700], look_back)
testX, testY = create_dataset(scaled[700 - look_back:], look_back)
trainX = trainX.reshape(-1, look_back, 1)
testX = testX.reshape(-1, look_back, 1)

model = Sequential()
model.add(Input((look_back, 1)))
model.add(LSTM(32))
model.add(Dense(1))
model.compile(loss="mean_squared_error", optimizer=Adam(learning_rate=1e-5))
callbacks = [ReduceLROnPlateau(patience=8, factor=0.5, min_lr=1e-7)]
model.fit(trainX, trainY, epochs=40, batch_size=16, validation_data=(testX, testY), callbacks=callbacks, verbose=2)

pred = model.predict(testX, verbose=0)[:, 0]
rmse = np.sqrt(np.mean((pred - testY) ** 2))
print("Test Score: %.4f RMSE" % rmse)
