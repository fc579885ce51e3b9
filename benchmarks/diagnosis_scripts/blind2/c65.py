import os
os.environ.setdefault("KERAS_BACKEND", "jax")
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(111)
rng = np.random.default_rng(111)


def drives(n):
    x = rng.normal(size=(n, 15, 3)).astype("float32")
    speed = x[:, :, 0].mean(1) * 4
    turn = np.argmax(np.stack([x[:, :, 1].mean(1), x[:, :, 2].mean(1), np.zeros(n)], 1), 1)
    return x, {"speed": (speed + 0.2 * rng.normal(size=n)).astype("float32"), "turn": turn}


x, targets = drives(2000)
xt, tt = drives(500)
inp = keras.Input((15, 3))
shared = layers.LSTM(32)(inp)
speed = layers.Dense(1, name="speed")(shared)
turn = layers.Dense(3, activation="softmax", name="turn")(layers.Dense(16, activation="relu")(shared))
model = keras.Model(inp, {"speed": speed, "turn": turn})
model.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss={"speed": "mse", "turn": "sparse_categorical_crossentropy"},
    loss_weights={"speed": 0.3, "turn": 1.0},
    metrics={"speed": ["mae"], "turn": ["accuracy"]},
)
model.fit(x, targets, epochs=14, batch_size=32, validation_split=0.1, verbose=2)
p = model.predict(xt, verbose=0)
print("speed r2", 1 - np.mean((p["speed"][:, 0] - tt["speed"]) ** 2) / tt["speed"].var(),
      "turn accuracy", (p["turn"].argmax(1) == tt["turn"]).mean())
