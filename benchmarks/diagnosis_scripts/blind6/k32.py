"""Hospital length-of-stay classifier (short / medium / long) from a table with lab values."""
import os

os.environ["KERAS_BACKEND"] = "torch"
import csv
import io

import keras
import numpy as np

keras.utils.set_random_seed(71)


def export(n):
    """What the database gives us, as CSV."""
    buf = io.StringIO()
    w = csv.writer(buf)
    w.writerow(["age", "crp", "creatinine", "sodium", "pulse", "stay"])
    for _ in range(n):
        age = np.random.uniform(20, 90)
        crp = np.random.exponential(40)
        crea = np.random.normal(1.0, 0.2) + age / 200
        sod = np.random.normal(140, 3)
        pulse = np.random.normal(75, 10) + crp / 10
        days = 2 + age / 20 + crp / 25 + 4 * (crea - 1.3) + np.random.normal(0, 0.5)
        lab = "" if np.random.rand() < 0.01 else round(crea, 2)
        w.writerow([round(age), round(crp, 1), lab, round(sod), round(pulse), int(days > 5.5) + int(days > 8)])
    return buf.getvalue()


def read(text):
    rows = list(csv.reader(io.StringIO(text)))[1:]
    table = np.array([[float(c) if c else np.nan for c in row] for row in rows])
    return table[:, :-1], table[:, -1].astype(int)


features, stay = read(export(1500))
mean, std = np.nanmean(features, axis=0), np.nanstd(features, axis=0)
features = ((features - mean) / std).astype("float32")
x_train, x_test = features[:1200], features[1200:]
y_train, y_test = stay[:1200], stay[1200:]

inputs = keras.layers.Input((5,))
hidden = keras.layers.Dense(32, activation="elu")(inputs)
hidden = keras.layers.Dense(32, activation="elu")(hidden)
model = keras.Model(inputs, keras.layers.Dense(3, activation="softmax")(hidden))
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, epochs=15, batch_size=32, verbose=2)

guess = model.predict(x_test, verbose=0).argmax(axis=1)
print("confusion:")
for k in range(3):
    print([int(((y_test == k) & (guess == j)).sum()) for j in range(3)])
print("accuracy: %.3f" % (guess == y_test).mean())
