"""5-fold cross validation of a small network (wine-like table)."""
import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
from keras import layers

seed = 7
keras.utils.set_random_seed(seed)

n = 400
cls = np.random.randint(0, 3, n)
centres = np.random.normal(0, 1.6, (3, 8))
X = centres[cls] + np.random.normal(0, 1.0, (n, 8))
X *= [1, 10, 0.1, 100, 1, 5, 0.5, 1000]  # every column has its unit
X += [13, 20, 2, 100, 2, 5, 1, 750]


def baseline_model():
    model = keras.Sequential([layers.Input((8,)), layers.Dense(12, activation="relu"), layers.Dense(3, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy", optimizer=keras.optimizers.Adam(0.01), metrics=["accuracy"])
    return model


folds = np.array_split(np.random.permutation(n), 5)
scores = []
for k, test in enumerate(folds):
    train = np.concatenate([f for j, f in enumerate(folds) if j != k])
    mean, std = X[train].mean(0), X[train].std(0)
    model = baseline_model()
    model.fit((X[train] - mean) / std, cls[train], epochs=25, batch_size=16, verbose=0)
    _, acc = model.evaluate((X[test] - mean) / std, cls[test], verbose=0)
    print("fold", k, "accuracy", round(acc, 3))
    scores.append(acc)
    keras.backend.clear_session()
print("Baseline: %.3f (%.3f)" % (np.mean(scores), np.std(scores)))
print("mean accuracy %.3f" % np.mean(scores))
