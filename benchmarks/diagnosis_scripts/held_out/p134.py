import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras.layers import LSTM, Dense

keras.utils.set_random_seed(0)
t = np.arange(760)
rng = np.random.default_rng(0)
passengers = 50000 + 6000 * np.sin(2 * np.pi * t / 30) + 2500 * np.sin(2 * np.pi * t / 7) + 400 * rng.standard_normal(760)

window = 20
mean, std = passengers[:600].mean(), passengers[:600].std()
scaled = (passengers - mean) / std
X = np.array([scaled[i:i + window] for i in range(len(t) - window)])[..., None]
target = passengers[window:]
x_train, x_test = X[:600], X[600:]
y_train, y_test = target[:600], target[600:]

model = keras.models.Sequential([LSTM(50), Dense(1)])
model.compile(optimizer="adam", loss="mean_squared_error")
model.fit(x_train, y_train, epochs=40, batch_size=32, verbose=2)
p = model.predict(x_test, verbose=0)[:, 0]
err = np.sqrt(np.mean((p - y_test) ** 2)) / std
print("relative error:", err)
