import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(3)
rng = np.random.default_rng(3)
# card payments, twelve a customer; in a few series somebody tests small amounts before a large one
n = 3000
amount = rng.normal(0, 1, size=(n, 12))
gap = rng.normal(0, 1, size=(n, 12))
fraud = rng.random(n) < 0.03
amount[fraud, -4:] += np.array([-0.9, -0.9, -0.9, 1.2])
gap[fraud, -4:] -= 0.6
x = np.stack([amount, gap], 2).astype("float32")
y = fraud.astype("int32")
split = 2200

model = keras.Sequential([
    layers.Input((12, 2)),
    layers.GRU(16),
    layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(2e-3), loss="binary_crossentropy", metrics=["accuracy"])
weights = None
model.fit(x[:split], y[:split], epochs=12, batch_size=64, class_weight=weights, verbose=2, validation_data=(x[split:], y[split:]))
flag = model.predict(x[split:], verbose=0)[:, 0] > 0.5
truth = y[split:] == 1
print("accuracy", (flag == truth).mean())
print("frauds found", (flag & truth).sum() / truth.sum(), "honest passed", (~flag & ~truth).sum() / (~truth).sum(),
      "balanced", 0.5 * ((flag & truth).sum() / truth.sum() + (~flag & ~truth).sum() / (~truth).sum()))
