import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras

keras.utils.set_random_seed(12)
rng = np.random.default_rng(12)
returns = rng.normal(0.0, 0.01, size=4200)
WINDOW = 15
X = np.lib.stride_tricks.sliding_window_view(returns[:-1], WINDOW)
X = ((X - X.mean()) / X.std())[..., None].astype("float32")
up = (returns[WINDOW:] > 0).astype("int32")

inputs = keras.Input(shape=(WINDOW, 1))
x = keras.layers.LSTM(12)(inputs)
x = keras.layers.Dropout(0.2)(x)
outputs = keras.layers.Dense(1, activation="sigmoid")(x)
model = keras.Model(inputs, outputs)
model.compile(optimizer="adam", loss="binary_crossentropy", metrics=["accuracy"])
model.fit(X[:3500], up[:3500], epochs=8, batch_size=50, validation_data=(X[3500:], up[3500:]), verbose=2)
print("days called rightly:", model.evaluate(X[3500:], up[3500:], verbose=0)[1])
