# Convolutional autoencoder for anomaly detection on ECG-like beats
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)
L = 48


def beats(n, anomalous=False):
    t = np.arange(L)[None]
    c = rng.normal(24, 1.5, (n, 1))
    qrs = np.exp(-((t - c) ** 2) / 6.0)
    tw = 0.35 * np.exp(-((t - c - 12) ** 2) / 25.0)
    if anomalous:
        tw = -tw
        qrs = 0.6 * qrs
    return (qrs + tw + 0.03 * rng.normal(size=(n, L)))[..., None].astype("float32")


x_train, x_val, x_odd = beats(900), beats(300), beats(300, anomalous=True)

model = keras.Sequential(
    [
        layers.Input((L, 1)),
        layers.Conv1D(16, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1D(8, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1DTranspose(8, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1DTranspose(16, 7, padding="same", strides=2, activation="relu"),
        layers.Conv1D(1, 7, padding="same"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(0.003), loss="mse")
model.fit(
    x_train, x_train, epochs=25, batch_size=64, validation_data=(x_val, x_val), verbose=2,
    callbacks=[keras.callbacks.EarlyStopping(patience=4, restore_best_weights=True)],
)


def error(x):
    return np.mean(np.abs(model.predict(x, verbose=0) - x), axis=(1, 2))


threshold = np.quantile(error(x_train), 0.98)
print("threshold", threshold)
print("false alarms", np.mean(error(x_val) > threshold))
print("explained", 1 - np.mean((model.predict(x_val, verbose=0) - x_val) ** 2) / np.var(x_val))
