import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

keras.utils.set_random_seed(95)
rng = np.random.default_rng(95)
c = rng.standard_normal((6, 12)) * 0.8
y = rng.integers(0, 6, 1400)
x = (c[y] + 0.6 * rng.standard_normal((1400, 12))).astype("float32")

inp = keras.Input((12,))
h = keras.layers.Dense(64)(inp)
h = keras.layers.BatchNormalization()(h)
h = keras.layers.Activation("relu")(h)
h = keras.layers.Dropout(0.5)(h)
h = keras.layers.Dense(32, activation="relu")(h)
h = keras.layers.BatchNormalization()(h)
model = keras.Model(inp, keras.layers.Dense(6)(h))
loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss=loss)
model.fit(x[:1200], y[:1200], batch_size=32, epochs=12, verbose=2)


def accuracy(x, y):
    hits = 0
    for s in range(0, len(x), 4):
        logits = model(x[s:s + 4], training=True)
        hits += int((keras.ops.convert_to_numpy(logits).argmax(-1) == y[s:s + 4]).sum())
    return hits / len(x)


print("acc", accuracy(x[1200:], y[1200:]))
