"""Grid search over learning rate and width, then the best model on the test set."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import itertools

import keras
import numpy as np

rng = np.random.default_rng(202)


def friedman(n):
    x = rng.random((n, 8))
    y = 10 * np.sin(np.pi * x[:, 0] * x[:, 1]) + 20 * (x[:, 2] - 0.5) ** 2 + 10 * x[:, 3] + 5 * x[:, 4]
    return (x - 0.5).astype("float32") * 3.46, ((y - 14.4) / 4.9 + rng.normal(0, 0.1, n)).astype("float32")


data = {"train": friedman(800), "val": friedman(200), "test": friedman(300)}


def train(lr, width, epochs):
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((8,)),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(width, activation="relu"),
            keras.layers.Dense(1),
        ]
    )
    model.compile(optimizer=keras.optimizers.Adam(lr), loss="mse")
    h = model.fit(*data["train"], epochs=epochs, batch_size=32, validation_data=data["val"], verbose=0)
    return model, h.history["val_loss"][-1]


results = {}
for lr, width in itertools.product([1e-3, 3e-3, 1e-2], [16, 32]):
    _, loss = train(lr, width, 15)
    results[lr, width] = loss
    print(f"lr {lr:g} width {width}: val loss {loss:.4f}")

lr, width = min(results, key=results.get)
print("best:", lr, width)
model, _ = train(lr, width, 40)
x, y = data["test"]
p = model.predict(x, verbose=0)[:, 0]
print("test R2 %.4f" % (1 - np.mean((p - y) ** 2) / y.var()))
