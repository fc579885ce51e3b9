import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(11)
rng = np.random.default_rng(11)

# machine telemetry: 12 readings of 3 channels, does the machine fail in the next hour?
n = 6000
X = rng.normal(size=(n, 12, 3)).astype("float32")
score = X[:, -6:, 0].mean(1) - X[:, -6:, 1].mean(1) + 0.55 * rng.normal(size=n)
y = (score > np.quantile(score, 0.97)).astype("float32")
X_train, X_val, y_train, y_val = X[:4000], X[4000:], y[:4000], y[4000:]

model = keras.Sequential([
    layers.Input((12, 3)),
    layers.LSTM(12),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X_train, y_train, epochs=10, batch_size=64, validation_data=(X_val, y_val), verbose=2)

pred = (model.predict(X_val, verbose=0)[:, 0] > 0.5)
tpr = pred[y_val == 1].mean()
tnr = (~pred[y_val == 0]).mean()
print("failures found:", tpr, "quiet hours right:", tnr)
print("balanced accuracy:", (tpr + tnr) / 2)
