"""Will the customer renew? Yearly usage history -> yes / no, evaluated on a held-out set."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(2020)


def customers(n):
    usage = np.random.normal(0, 1, (n, 12)).cumsum(1) * 0.4 + np.random.normal(0, 1, (n, 1))
    trend = usage[:, -4:].mean(1) - usage[:, :4].mean(1)
    renew = (trend + np.random.normal(0, 0.1, n) > 0).astype("float32")
    return usage[..., None].astype("float32"), renew


def accuracy(model, x, y):
    predicted = np.argmax(model.predict(x, verbose=0), axis=1)
    return float(np.mean(predicted == y))


x_train, y_train = customers(1500)
x_test, y_test = customers(500)

model = keras.Sequential(
    [layers.Input((12, 1)), layers.LSTM(24), layers.Dense(12, activation="relu"), layers.Dense(1, activation="sigmoid")]
)
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(5e-3))
for epoch in range(12):
    history = model.fit(x_train, y_train, batch_size=32, epochs=1, verbose=0)
    print(f"epoch {epoch + 1:2d} loss {history.history['loss'][0]:.4f}")
print(f"test accuracy {accuracy(model, x_test, y_test):.3f}")
