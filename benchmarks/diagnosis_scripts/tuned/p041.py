import os
os.environ["KERAS_BACKEND"] = "jax"
import math
import keras
import numpy as np
from keras.layers import LSTM, Dense


def create_dataset(dataset, look_back=1):
    data_x, data_y = [], []
    for i in range(len(dataset) - look_back):
        data_x.append(dataset[i:i + look_back])
        data_y.append(dataset[i + look_back])
    return np.array(data_x), np.array(data_y)


keras.utils.set_random_seed(7)
m = np.arange(400)
series = 250 + 0.1 * m + 60 * np.sin(2 * np.pi * m / 12) + 6 * np.random.randn(400)
lo, hi = series[:300].min(), series[:300].max()
scaled = (series - lo) / (hi - lo)
train, test = scaled[:300], scaled[300 - 12:]
trainX, trainY = create_dataset(train, 12)
testX, testY = create_dataset(test, 12)
trainX, testX = trainX[..., None], testX[..., None]

model = keras.Sequential()
model.add(LSTM(24))
model.add(Dense(1))
model.compile(loss="mean_squared_error", optimizer=keras.optimizers.Adam(0.005))
model.fit(trainX, trainY, epochs=50, batch_size=8, verbose=2)
pred = model.predict(testX, verbose=0)[:, 0] * (hi - lo) + lo
print("std of the series %.1f, Test score RMSE: %.2f" % (series.std(), math.sqrt(np.mean((pred - series[300:]) ** 2))))
