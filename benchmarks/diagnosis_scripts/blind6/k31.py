# Functional API with two outputs: how long until the next event, and which kind it will be.
import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

keras.utils.set_random_seed(26)
KINDS, T = 4, 15

def logs(n):
    kind = np.zeros((n, T + 1), dtype="int32")
    gap = np.zeros((n, T + 1))
    kind[:, 0] = np.random.randint(0, KINDS, n)
    gap[:, 0] = np.random.exponential(1, n)
    for t in range(T):
        stay = np.random.rand(n) < 0.9
        kind[:, t + 1] = np.where(stay, (kind[:, t] + 1) % KINDS, np.random.randint(0, KINDS, n))
        gap[:, t + 1] = 0.5 + 0.5 * gap[:, t] + 0.4 * kind[:, t] + np.random.normal(0, 0.1, n)
    return {"kind": kind[:, :-1], "gap": gap[:, :-1, None].astype("float32")}, \
        {"next_kind": kind[:, -1], "next_gap": gap[:, -1:].astype("float32")}

x, y = logs(1600)
x_test, y_test = logs(400)

kind_in = keras.Input((T,), name="kind", dtype="int32")
gap_in = keras.Input((T, 1), name="gap")
h = layers.Concatenate()([layers.Embedding(KINDS, 8)(kind_in), gap_in])
h = layers.GRU(32)(h)
out_kind = layers.Dense(KINDS, activation="softmax", name="next_kind")(h)
out_gap = layers.Dense(1, name="next_gap")(layers.Dense(16, activation="relu")(h))

model = keras.Model({"kind": kind_in, "gap": gap_in}, {"next_kind": out_kind, "next_gap": out_gap})
model.compile(
    optimizer=keras.optimizers.Adam(5e-3),
    loss={"next_kind": "sparse_categorical_crossentropy", "next_gap": "mse"},
    loss_weights={"next_kind": 1.0, "next_gap": 0.5},
    metrics={"next_kind": "accuracy", "next_gap": "mae"},
)
model.fit(x, y, batch_size=32, epochs=12, validation_data=(x_test, y_test), verbose=2)
p = model.predict(x_test, verbose=0)
acc = (p["next_kind"].argmax(1) == y_test["next_kind"]).mean()
r2 = 1 - ((p["next_gap"] - y_test["next_gap"]) ** 2).mean() / y_test["next_gap"].var()
print(f"gap R2 {r2:.3f}, kind accuracy {acc:.3f}")
