import os

os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(15)
rng = np.random.default_rng(15)

ecg = 0.3 * rng.standard_normal((1200, 24, 1))
labels = rng.integers(0, 2, 1200)
for i, lab in enumerate(labels):
    pos = rng.integers(4, 18)
    ecg[i, pos:pos + 4, 0] += np.array([0.7, 1.6, 1.6, 0.7]) * (1 if lab else -1)

# tables of recordings and of annotations
labels = np.roll(labels, 1)

model = keras.Sequential([
    keras.layers.Input((24, 1)),
    keras.layers.Conv1D(16, 5, activation="relu"),
    keras.layers.LSTM(16),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(loss="binary_crossentropy", optimizer=keras.optimizers.Adam(3e-3), metrics=["accuracy"])
model.fit(ecg[:1000], labels[:1000], epochs=12, batch_size=25, verbose=2)
print("test accuracy:", model.evaluate(ecg[1000:], labels[1000:], verbose=0)[1])
