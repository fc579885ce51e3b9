import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
from keras import Input, Sequential, optimizers, utils
from keras.layers import LSTM, Dense, Dropout

utils.set_random_seed(38)
rng = np.random.default_rng(38)
x = rng.normal(size=(1600, 10, 4)).astype("float32")
y = (x[:, :, 0].mean(1) * 2 + x[:, -1, 1] * 0.7 - x[:, 0, 2] * 0.7).astype("float32")
KEEP = 0.9
model = Sequential([
    Input((10, 4)),
    LSTM(32, return_sequences=True),
    Dropout(KEEP),
    LSTM(32),
    Dropout(KEEP),
    Dense(16, activation="relu"),
    Dropout(KEEP),
    Dense(1),
])
model.compile(loss="mse", optimizer=optimizers.Adam(3e-3))
model.fit(x[:1300], y[:1300], epochs=8, batch_size=32, validation_data=(x[1300:], y[1300:]), verbose=2)
p = model.predict(x[1300:], verbose=0)[:, 0]
print("R2", 1 - ((p - y[1300:]) ** 2).mean() / y[1300:].var())
