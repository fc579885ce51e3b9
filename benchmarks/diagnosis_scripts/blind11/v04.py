# Daily visitors of 3 shops -> visitors of shop 0 tomorrow (as growth against today)
import os
os.environ["KERAS_BACKEND"] = "jax"
import warnings
warnings.filterwarnings("ignore")

import numpy as np
import keras

SEED = 5
keras.utils.set_random_seed(SEED)
rs = np.random.RandomState(SEED)

DAYS = 1300
week = np.array([1.0, 0.9, 0.95, 1.05, 1.3, 1.7, 0.6])
level = np.exp(np.cumsum(rs.normal(0, 0.01, (DAYS, 3)), axis=0))
visits = rs.poisson(220 * level * week[np.arange(DAYS) % 7][:, None])
holidays = rs.choice(np.arange(30, DAYS), 14, replace=False)
visits[holidays, 1 + rs.randint(0, 2, len(holidays))] = 0


def growth(v):
    v = v.astype("float32")
    return v[1:] / v[:-1] - 1.0


g = growth(visits)
STEPS = 14
X = np.stack([g[i:i + STEPS] for i in range(len(g) - STEPS)])
Y = g[STEPS:, 0]
n_train = 1000
x_train, y_train = X[:n_train], Y[:n_train]
x_test, y_test = X[n_train:], Y[n_train:]
print("train", x_train.shape, "test", x_test.shape)

model = keras.models.Sequential()
model.add(keras.layers.Input(shape=(STEPS, 3)))
model.add(keras.layers.LSTM(32))
model.add(keras.layers.Dense(1))
model.compile(loss="mae", optimizer=keras.optimizers.Adam(learning_rate=0.003))
model.fit(x_train, y_train, epochs=25, batch_size=32, verbose=2, validation_data=(x_test, y_test))

pred = model.predict(x_test, verbose=0)[:, 0]
within = np.abs(pred - y_test) < 0.15
print("share of days with the growth within 15 points:", round(float(within.mean()), 4))
