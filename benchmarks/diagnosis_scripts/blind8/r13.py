import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(91)
rng = np.random.default_rng(91)
MAXLEN, PAD = 15, -99.0

# shopping baskets of different length; is the budget (known beforehand) exceeded?
lengths = rng.integers(3, MAXLEN + 1, size=2500)
prices = rng.gamma(2.0, 0.5, size=(2500, MAXLEN))
mask = np.arange(MAXLEN) < lengths[:, None]
total = (prices * mask).sum(1)
budget = rng.uniform(2, 16, size=2500)
y = (total > budget).astype("float32")
x = np.where(mask, prices, PAD).astype("float32")[..., None]
b = (budget[:, None] / 16).astype("float32")

basket = keras.Input((MAXLEN, 1), name="basket")
limit = keras.Input((1,), name="limit")
h = layers.Masking(mask_value=PAD)(basket)
h = layers.LSTM(24)(h)
h = layers.Concatenate()([h, limit])
h = layers.Dense(24, activation="relu")(h)
out = layers.Dense(1, activation="sigmoid")(h)
model = keras.Model([basket, limit], out)
model.compile(keras.optimizers.Adam(5e-3), "binary_crossentropy", metrics=["accuracy"])
model.fit({"basket": x[:2000], "limit": b[:2000]}, y[:2000], epochs=14, batch_size=50, verbose=2,
          validation_data=({"basket": x[2000:], "limit": b[2000:]}, y[2000:]))
print("accuracy", model.evaluate([x[2000:], b[2000:]], y[2000:], verbose=0)[1])
