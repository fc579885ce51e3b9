"""LSTM autoencoder for anomaly detection on heart beats."""
import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras.layers import LSTM, Dense, Input, RepeatVector, TimeDistributed
from keras.models import Model

keras.utils.set_random_seed(60)
STEPS = 20


def beats(n, normal=True):
    t = np.linspace(0, 1, STEPS)
    out = []
    for _ in range(n):
        c = np.random.uniform(0.4, 0.6)
        w = np.random.uniform(0.05, 0.1)
        b = np.exp(-((t - c) ** 2) / (2 * w ** 2)) - 0.3 * np.exp(-((t - c - 0.2) ** 2) / 0.005)
        if not normal:
            b = -b if np.random.rand() < 0.5 else b + np.random.normal(0, 0.5, STEPS)
        out.append(b + np.random.normal(0, 0.03, STEPS))
    return np.array(out, dtype="float32")[..., None]


train, test, odd = beats(640), beats(200), beats(100, normal=False)

inp = Input((STEPS, 1))
z = LSTM(32)(inp)
z = Dense(8, name="code")(z)
d = RepeatVector(STEPS)(z)
d = LSTM(32, return_sequences=True)(d)
rec = TimeDistributed(Dense(1))(d)
ae = Model(inp, rec)
ae.compile(optimizer=keras.optimizers.Adam(5e-3), loss="mse")
ae.fit(train, train, epochs=20, batch_size=32, validation_data=(test, test), verbose=2)


def error(x):
    return ((ae.predict(x, verbose=0) - x) ** 2).mean((1, 2))


threshold = np.quantile(error(train), 0.95)
print("false alarms %.3f" % (error(test) > threshold).mean())
print("anomalies found %.3f" % (error(odd) > threshold).mean())
print("reconstruction: explained variance %.3f" % (1 - error(test).mean() / test.var()))
