import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np
from keras import layers

keras.utils.set_random_seed(57)
rng = np.random.default_rng(57)
n = 1600
seq = rng.normal(size=(n, 12, 2)).astype("float32")
meta = rng.normal(size=(n, 3)).astype("float32")
level = seq[:, :, 0].sum(1) / 3.5
amount = (level + 0.5 * meta[:, 0] + 0.05 * rng.normal(size=n)).astype("float32")
alarm = (seq[:, -3:, 1].sum(1) + meta[:, 1] > 0).astype("int32")

a = keras.Input((12, 2), name="history")
b = keras.Input((3,), name="customer")
h = layers.GRU(24)(a)
h = layers.Concatenate()([h, layers.Dense(8, activation="tanh")(b)])
h = layers.Dense(24, activation="tanh")(h)
out1 = layers.Dense(1, name="amount")(h)
out2 = layers.Dense(1, activation="sigmoid", name="alarm")(h)
model = keras.Model([a, b], [out1, out2])
model.compile(
    optimizer=keras.optimizers.AdamW(5e-3, weight_decay=1e-4),
    loss={"amount": "mae", "alarm": "binary_crossentropy"},
    loss_weights={"amount": 0.7, "alarm": 1.0},
    metrics={"alarm": ["accuracy"]},
)
train, test = slice(0, 1300), slice(1300, None)
model.fit({"history": seq[train], "customer": meta[train]}, {"amount": amount[train], "alarm": alarm[train]}, epochs=15, batch_size=32, verbose=0)
p, q = model.predict({"history": seq[test], "customer": meta[test]}, verbose=0)
print("R2 of the amount", 1 - ((p[:, 0] - amount[test]) ** 2).mean() / amount[test].var(),
      "accuracy of the alarm", ((q[:, 0] > 0.5) == alarm[test]).mean())
