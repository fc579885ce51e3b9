"""3-fold cross-validation of a small GRU on rhythm patterns."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers


def rhythms(n, rng, steps=16):
    """Even or swung: are the beats 4 or 3 steps apart?  Some beats are missing."""
    y = rng.integers(0, 2, n)
    x = rng.normal(0, 0.1, (n, steps, 1))
    for i in range(n):
        beat = 4 if y[i] == 0 else 3
        x[i, rng.integers(0, beat) :: beat, 0] += 1
    return x.astype("float32"), y.astype("float32")


def fresh(units):
    model = keras.Sequential([keras.Input((16, 1)), layers.GRU(units), layers.Dense(1, activation="sigmoid")])
    model.compile(keras.optimizers.RMSprop(1e-2), "binary_crossentropy", metrics=["accuracy"])
    return model


keras.utils.set_random_seed(64)
x, y = rhythms(600, np.random.default_rng(64))
folds = np.array_split(np.random.default_rng(0).permutation(len(x)), 3)
scores = []
for k, held in enumerate(folds):
    rest = np.concatenate([f for j, f in enumerate(folds) if j != k])
    model = fresh(units=6)
    model.fit(x[rest], y[rest], batch_size=16, epochs=16, verbose=0)
    scores.append(model.evaluate(x[held], y[held], batch_size=200, verbose=0)[1])
    print("fold", k, "accuracy %.3f" % scores[-1])
print("spread %.3f mean accuracy %.3f" % (np.std(scores), np.mean(scores)))
