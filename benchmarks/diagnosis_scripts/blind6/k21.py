import os

os.environ["KERAS_BACKEND"] = "jax"

import numpy as np
import keras
from keras import layers

# activity recognition from a wrist accelerometer; recordings come from one folder per activity
keras.utils.set_random_seed(55)
ACTIVITIES = ["sit", "walk", "run", "stairs", "cycle"]


def record(kind, n):
    t = np.arange(25) / 25
    freq = {"sit": 0.2, "walk": 2.0, "run": 4.0, "stairs": 2.5, "cycle": 3.0}[kind]
    amp = {"sit": 0.1, "walk": 0.6, "run": 1.4, "stairs": 0.9, "cycle": 0.4}[kind]
    ph = np.random.uniform(0, 6.28, (n, 1))
    x = amp * np.sin(2 * np.pi * freq * t + ph)
    y = amp * np.cos(4 * np.pi * freq * t + ph) * 0.5
    z = np.full_like(x, {"sit": 0.0, "walk": 0.2, "run": 0.3, "stairs": 0.6, "cycle": -0.4}[kind])
    return (np.stack([x, y, z], -1) + np.random.normal(0, 0.2, (n, 25, 3))).astype("float32")


def read_folder(per_class):
    xs, ys = [], []
    for label, kind in enumerate(ACTIVITIES):
        xs.append(record(kind, per_class))
        ys.append(np.full(per_class, label))
    return np.concatenate(xs), np.concatenate(ys)


x_train, y_train = read_folder(320)
x_test, y_test = read_folder(60)

model = keras.Sequential(
    [
        layers.Input((25, 3)),
        layers.LSTM(32),
        layers.Dense(32, activation="relu"),
        layers.Dense(len(ACTIVITIES), activation="softmax"),
    ]
)
model.compile(optimizer=keras.optimizers.Adam(3e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])

batch_size = 32
steps = len(x_train) // batch_size
for epoch in range(10):
    order = np.arange(len(x_train))
    for step in range(steps):
        rows = order[step * batch_size : (step + 1) * batch_size]
        loss, acc = model.train_on_batch(x_train[rows], y_train[rows])
    val_loss, val_acc = model.evaluate(x_test, y_test, verbose=0)
    print(f"Epoch {epoch}: val_loss {val_loss:.3f} val_acc {val_acc:.3f}")
