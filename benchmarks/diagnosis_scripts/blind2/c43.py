import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras.callbacks import EarlyStopping, ReduceLROnPlateau

keras.utils.set_random_seed(24)
g = np.random.default_rng(24)
X = g.normal(size=(900, 10)).astype("float32")
f = np.sin(X[:, 0] * 1.5) + 0.5 * X[:, 1] * X[:, 2] + 0.3 * X[:, 3]
y = (f + 0.2 * g.normal(size=900)).astype("float32")

model = keras.Sequential([
    keras.layers.Input((10,)),
    keras.layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.l2(1e-3)),
    keras.layers.Dropout(0.1),
    keras.layers.Dense(64, activation="relu", kernel_regularizer=keras.regularizers.l2(1e-3)),
    keras.layers.Dense(1),
])
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
callbacks = [
    EarlyStopping(monitor="val_loss", patience=12, restore_best_weights=True),
    ReduceLROnPlateau(monitor="val_loss", factor=0.3, patience=5),
]
hist = model.fit(X[:600], y[:600], validation_data=(X[600:750], y[600:750]), epochs=120, batch_size=16,
                 callbacks=callbacks, verbose=0)
print("stopped after", len(hist.history["loss"]), "epochs")
p = model.predict(X[750:], verbose=0)[:, 0]
print("test R2", 1 - np.mean((p - y[750:]) ** 2) / np.var(y[750:]))
