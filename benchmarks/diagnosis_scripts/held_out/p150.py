import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(208)
rng = np.random.default_rng(208)
# does the sequence hold token 3 and token 7 together?
x = rng.integers(0, 12, (3000, 10))
y = ((x == 3).any(1) & (x == 7).any(1)).astype(int)
print("positives", y.mean())

inp = keras.Input((10,), dtype="int32")
h = layers.Embedding(12, 24)(inp)
a = layers.MultiHeadAttention(num_heads=2, key_dim=12)(h, h)
h = layers.LayerNormalization()(h + a)
f = layers.Dense(48, activation="gelu")(h)
h = layers.LayerNormalization()(h + layers.Dense(24)(f))
out = layers.Dense(1, activation="sigmoid")(layers.GlobalMaxPooling1D()(h))
model = keras.Model(inp, out)
model.compile(keras.optimizers.AdamW(2e-3), "binary_crossentropy", metrics=["accuracy"])
hist = model.fit(x, y, epochs=8, batch_size=64, validation_split=0.15, verbose=2)
print("val", hist.history["val_accuracy"][-1])
