import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(83)
rng = np.random.default_rng(83)
x = rng.integers(0, 8, (3000, 8))
y = x[np.arange(3000), 2] // 2

inp = keras.Input((8,), dtype="int32")
h = keras.layers.Embedding(8, 8)(inp)
h = keras.layers.GRU(32)(h)
features = keras.layers.Lambda(lambda t: keras.ops.stop_gradient(t))(h)
out = keras.layers.Dense(4, activation="softmax")(features)
model = keras.Model(inp, out)
model.compile(keras.optimizers.Adam(5e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x[:2400], y[:2400], epochs=15, batch_size=64, validation_data=(x[2400:], y[2400:]), verbose=2)
print("Accuracy", model.evaluate(x[2400:], y[2400:], verbose=0)[1])
