# 3-fold cross validation of a really small classifier (2 moons) / two widths
import os
os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

SEED = 10
rng = np.random.default_rng(SEED)
n = 400
a = rng.uniform(0, np.pi, n)
lab = rng.integers(0, 2, n)
X = np.stack([np.cos(a) * (1 - 2 * lab) + lab, np.sin(a) * (1 - 2 * lab) + 0.4 * lab], 1)
X = (X + rng.normal(0, 0.1, X.shape)).astype("float32")
folds = np.array_split(rng.permutation(n), 3)
results = {}
for width in (4, 8):
    scores = []
    for k in range(3):
        keras.backend.clear_session()
        keras.utils.set_random_seed(SEED * 100 + k)
        test = folds[k]
        train = np.concatenate([folds[j] for j in range(3) if j != k])
        m = keras.Sequential([
            keras.Input((2,)),
            keras.layers.Dense(width, activation="tanh"),
            keras.layers.Dense(width, activation="tanh"),
            keras.layers.Dense(1, activation="sigmoid"),
        ])
        m.compile(keras.optimizers.Adam(0.03), "binary_crossentropy", metrics=["accuracy"])
        m.fit(X[train], lab[train], epochs=20, batch_size=24, verbose=0)
        scores.append(m.evaluate(X[test], lab[test], verbose=0)[1])
        print("width", width, "fold", k, "accuracy", round(scores[-1], 4))
    results[width] = np.mean(scores)
best = max(results, key=results.get)
print("best width", best, "cv accuracy", round(float(results[best]), 4))
