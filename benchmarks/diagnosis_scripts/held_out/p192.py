import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(214)
rng = np.random.default_rng(214)
t = np.linspace(0, 1, 32)
kind = rng.integers(0, 3, 1500)
amp = rng.uniform(0.5, 2.0, 1500)
base = np.stack([np.sin(6 * np.pi * t), np.sign(np.sin(6 * np.pi * t)), 2 * np.abs((3 * t) % 1 - 0.5) * 2 - 1])
x = (amp[:, None] * base[kind] + 0.15 * rng.standard_normal((1500, 32)))[..., None].astype("float32")

inp = keras.Input((32, 1))
h = keras.layers.Conv1D(16, 5, activation="relu")(inp)
h = keras.layers.Conv1D(16, 5, activation="relu")(h)
h = keras.layers.GlobalAveragePooling1D()(h)
h = keras.layers.Dense(32, activation="relu")(h)
shape = keras.layers.Dense(3, activation="softmax", name="shape")(h)
size = keras.layers.Dense(1, name="size")(h)
model = keras.Model(inp, {"shape": shape, "size": size})
model.compile(
    keras.optimizers.Adam(5e-3),
    loss={"shape": "sparse_categorical_crossentropy", "size": "mse"},
    loss_weights={"shape": 1.0, "size": 0.5},
)
model.fit(x[:1200], {"shape": kind[:1200], "size": amp[:1200]}, epochs=20, batch_size=32, verbose=2)
p = model.predict(x[1200:], verbose=0)
print("size mae", np.abs(p["size"][:, 0] - amp[1200:]).mean(), "shape acc", (p["shape"].argmax(1) == kind[1200:]).mean())
