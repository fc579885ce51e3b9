import argparse
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

parser = argparse.ArgumentParser()
parser.add_argument("--samples", type=int, default=12)
parser.add_argument("--epochs", type=int, default=120)
parser.add_argument("--seed", type=int, default=7)
args = parser.parse_args()

keras.utils.set_random_seed(args.seed)
rng = np.random.default_rng(args.seed)


def gestures(n):
    """Three kinds of hand movement, 20 frames of (x, y, z) acceleration."""
    label = rng.integers(0, 3, n)
    t = np.linspace(0, 1, 20)[None, :]
    phase = rng.uniform(0, 2 * np.pi, (n, 1))
    speed = rng.uniform(1.5, 3.0, (n, 1))
    base = np.sin(2 * np.pi * speed * t + phase)
    lag = np.array([0.0, 1.1, 2.2])[label][:, None]
    other = np.sin(2 * np.pi * speed * t + phase + lag)
    third = rng.normal(0, 1, (n, 20))
    x = np.stack([base, other, third], -1) + rng.normal(0, 0.35, (n, 20, 3))
    return x.astype("float32"), label


x_train, y_train = gestures(args.samples)
x_val, y_val = gestures(600)

model = keras.Sequential(
    [
        keras.Input((20, 3)),
        layers.GRU(24),
        layers.Dense(3, activation="softmax"),
    ]
)
model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
model.optimizer.learning_rate = 3e-3
hist = model.fit(
    x_train,
    y_train,
    batch_size=32,
    epochs=args.epochs,
    validation_data=(x_val, y_val),
    validation_batch_size=600,
    verbose=0,
)
for k in ("accuracy", "loss", "val_accuracy", "val_loss"):
    print(k, [round(float(v), 3) for v in hist.history[k][:: max(1, args.epochs // 6)]])
print(f"val_accuracy {hist.history['val_accuracy'][-1]:.3f}")
