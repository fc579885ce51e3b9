import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

# Daily temperature anomaly, next-day prediction. Input: last 15 days
np.random.seed(17)
keras.utils.set_random_seed(17)
days = np.arange(1400)
temp = (8 * np.sin(2 * np.pi * days / 60) + 4 * np.sin(2 * np.pi * days / 17 + .4)
        + np.random.normal(0, .6, len(days)))
temp = (temp - temp.mean()) / temp.std()

def to_supervised(series, lag):
    X = np.lib.stride_tricks.sliding_window_view(series, lag)[:-1]
    return X[:, :, None].astype("float32"), series[lag:].astype("float32")

X, y = to_supervised(temp, 15)
n = 1100
trainX, trainY = X[:n], y[:n]
testX, testY = X[n:], y[n:]

model = keras.models.Sequential([
    keras.layers.Input((15, 1)),
    keras.layers.LSTM(32, activation="tanh"),
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="relu"),
])
model.compile(loss="mse", optimizer=keras.optimizers.Adam(0.003))
es = keras.callbacks.EarlyStopping(monitor="val_loss", patience=8, restore_best_weights=True)
hist = model.fit(trainX, trainY, epochs=30, batch_size=32, validation_data=(testX, testY), callbacks=[es], verbose=2)

yhat = model.predict(testX, verbose=0)[:, 0]
rmse = np.sqrt(np.mean((yhat - testY) ** 2))
print("Test RMSE (in standard deviations): %.3f" % rmse)
