import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
from keras import Sequential, Input
from keras.layers import GRU, Dense
from keras.utils import set_random_seed
from keras.callbacks import EarlyStopping

# Weather stations: does it rain in the hours after this window?
# columns: pressure [Pa], temperature [K], humidity [%], wind [m/s]
set_random_seed(3)
np.random.seed(3)

n, steps = 1600, 18
rain = np.random.randint(0, 2, n)
slope = np.where(rain == 1, -1.0, 0.4)[:, None]
t = np.linspace(0, 1, steps)[None, :]
pressure = 101325 + 900 * np.random.randn(n, 1) + 380 * slope * t + 120 * np.random.randn(n, steps)
temp = 288 + 7 * np.random.randn(n, 1) + 1.5 * slope * t + 0.8 * np.random.randn(n, steps)
hum = 60 + 12 * np.random.randn(n, 1) - 9 * slope * t + 4 * np.random.randn(n, steps)
wind = np.abs(4 + 2 * np.random.randn(n, steps))
X = np.stack([pressure, temp, hum, wind], axis=-1).astype("float32")
y = rain.astype("float32")

X_train, y_train = X[:1200], y[:1200]
X_val, y_val = X[1200:], y[1200:]

model = Sequential([
    Input((steps, 4)),
    GRU(32),
    Dense(16, activation="relu"),
    Dense(1, activation="sigmoid"),
])
model.summary()
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])

es = EarlyStopping(monitor="val_loss", patience=12, restore_best_weights=True)
h = model.fit(X_train, y_train, validation_data=(X_val, y_val), epochs=30, batch_size=32, callbacks=[es], verbose=2)
loss, acc = model.evaluate(X_val, y_val, verbose=0)
print("val_loss %.4f  val_acc %.4f" % (loss, acc))
