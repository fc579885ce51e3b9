"""House prices (log) from raw columns; a Normalization layer inside the model learns their ranges."""
import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np

keras.utils.set_random_seed(2)
rng = np.random.default_rng(2)

N = 3000
area = rng.uniform(30, 400, N)
year = rng.integers(1900, 2020, N)
income = rng.lognormal(10.5, 0.4, N)
distance = rng.uniform(50, 30000, N)
raw = np.stack([area, year, income, distance], axis=1).astype("float32")
price = (
    0.8 * np.log(area)
    + 0.004 * (year - 1960)
    + 0.5 * np.log(income)
    - 0.3 * np.log1p(distance / 1000)
    + rng.normal(0, 0.05, N)
)
price = (price - price.mean()).astype("float32")

train, test = slice(0, 2400), slice(2400, N)

norm = keras.layers.Normalization()
norm.adapt(raw[train])

inputs = keras.Input((4,))
x = norm(inputs)
x = keras.layers.Dense(48, activation="gelu")(x)
x = keras.layers.Dense(24, activation="gelu")(x)
outputs = keras.layers.Dense(1)(x)
model = keras.Model(inputs, outputs)

steps = 40 * (2400 // 64)
schedule = keras.optimizers.schedules.CosineDecay(1e-4, steps, warmup_target=5e-3, warmup_steps=100)
model.compile(optimizer=keras.optimizers.AdamW(schedule, weight_decay=1e-4), loss="huber", metrics=["mae"])
history = model.fit(raw[train], price[train], epochs=40, batch_size=64, validation_split=0.1, verbose=0)
for i in range(0, 40, 8):
    print(i, {k: round(v[i], 4) for k, v in history.history.items()})

pred = model.predict(raw[test], verbose=0)[:, 0]
print("R2", round(1 - float(np.mean((pred - price[test]) ** 2) / np.var(price[test])), 4))
