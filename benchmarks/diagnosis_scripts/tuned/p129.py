import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

keras.utils.set_random_seed(204)
rng = np.random.default_rng(204)
X = rng.standard_normal((4000, 8)).astype("float32")
y = (X[:, 0] + X[:, 1] > 2.2).astype(int)
Xtr, Xte, ytr, yte = X[:3000], X[3000:], y[:3000], y[3000:]
neg, pos = np.bincount(ytr)
weights = {0: len(ytr) / (2 * neg), 1: len(ytr) / (2 * pos)}
print(weights)

model = keras.Sequential([
    keras.layers.Dense(16, activation="relu"),
    keras.layers.Dense(1, activation="sigmoid"),
])
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="binary_crossentropy")
model.fit(Xtr, ytr, epochs=8, batch_size=64, class_weight=weights, verbose=2)
p = model.predict(Xte, verbose=0).ravel() > 0.5
print("balanced", 0.5 * ((p & (yte == 1)).sum() / (yte == 1).sum() + (~p & (yte == 0)).sum() / (yte == 0).sum()))
