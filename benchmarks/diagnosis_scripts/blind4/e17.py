# 5-fold cross validation of a small net, iris-like data
import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras.layers import Dense, Input
from keras.models import Sequential
from keras.utils import to_categorical

seed = 7
keras.utils.set_random_seed(seed)
rng = np.random.default_rng(seed)

centres = np.array([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
spread = np.array([0.35, 0.3, 0.3, 0.2])
labels = np.repeat([0, 1, 2], 80)
X = centres[labels] + spread * rng.normal(size=(240, 4))
X = (X - X.mean(axis=0)) / X.std(axis=0)
Y = to_categorical(labels)


def baseline_model():
    model = Sequential()
    model.add(Input((4,)))
    model.add(Dense(8, activation="relu"))
    model.add(Dense(3, activation="softmax"))
    model.compile(loss="categorical_crossentropy", optimizer=keras.optimizers.Adam(0.02), metrics=["accuracy"])
    return model


folds = np.array_split(rng.permutation(len(X)), 5)
results = []
for k in range(5):
    test = folds[k]
    train = np.concatenate([f for j, f in enumerate(folds) if j != k])
    model = baseline_model()
    model.fit(X[train], Y[train], epochs=40, batch_size=8, verbose=0)
    acc = model.evaluate(X[test], Y[test], verbose=0)[1]
    print("fold", k, "accuracy", acc)
    results.append(acc)
print("spread", np.std(results))
print("mean accuracy", np.mean(results))
