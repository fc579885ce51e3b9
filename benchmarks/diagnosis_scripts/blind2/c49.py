import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(70)
r = np.random.default_rng(70)


def scans(n):
    y = (r.random(n) < 0.05).astype("int32")
    x = r.normal(size=(n, 16)).astype("float32")
    x[:, :3] += 1.8 * y[:, None]
    x[:, 3] -= 1.5 * y
    return x, y


(x, y), (xt, yt) = scans(4000), scans(4000)
neg, pos = np.bincount(y)
model = keras.Sequential([layers.Dense(32, activation="relu"), layers.Dropout(0.2), layers.Dense(1, activation="sigmoid")])
model.compile("adam", "binary_crossentropy", metrics=[keras.metrics.Recall(), keras.metrics.AUC()])
model.fit(x, y, batch_size=64, epochs=15, class_weight={0: len(y) / 2 / neg, 1: len(y) / 2 / pos}, verbose=2)
p = model.predict(xt, verbose=0)[:, 0] > 0.5
print("balanced accuracy", (p[yt == 1].mean() + (~p[yt == 0]).mean()) / 2)
