import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(5)
rng = np.random.default_rng(5)
x = rng.normal(size=(2000, 10)).astype("float32")
y = ((x[:, 0] * x[:, 1] + x[:, 2]) > 0).astype("float32")

model = keras.Sequential([
    keras.Input((10,)),
    layers.Dense(48, activation="relu"),
    layers.Dropout(0.1),
    layers.Dense(48, activation="relu"),
    layers.Dense(1, activation="sigmoid"),
])
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
stop = keras.callbacks.EarlyStopping(monitor="val_loss", patience=6, restore_best_weights=True)
model.fit(x[:1600], y[:1600], epochs=80, batch_size=32, validation_split=0.2, callbacks=[stop], verbose=0)
print("test accuracy", model.evaluate(x[1600:], y[1600:], verbose=0)[1])
