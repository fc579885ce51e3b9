import os

os.environ["KERAS_BACKEND"] = "jax"

import keras
import numpy as np
from keras import layers

SEED = 3
keras.utils.set_random_seed(SEED)
rng = np.random.default_rng(SEED)

DISTRICTS = 14


def load_flats(n=1600):
    area = rng.uniform(25, 160, n)
    rooms = np.clip(np.round(area / 28 + rng.normal(0, 0.6, n)), 1, 7)
    floor = rng.integers(0, 12, n)
    year = rng.integers(1900, 2024, n)
    district = rng.integers(0, DISTRICTS, n)
    per_metre = 2400 + 260 * ((district * 5) % DISTRICTS)
    price = area * per_metre * (1 + 0.012 * floor) * (1 + 0.002 * (year - 1960))
    price *= rng.normal(1, 0.06, n)
    return np.stack([area, rooms, floor, year], 1), district, price


numbers, district, price = load_flats()
order = rng.permutation(len(price))
train, test = order[:1300], order[1300:]

numbers = (numbers - numbers[train].mean(0)) / numbers[train].std(0)
y = price.astype("float32")
offset, unit = 0.0, 1.0

num_in = keras.Input((4,), name="numbers")
dis_in = keras.Input((), dtype="int32", name="district")
merged = layers.Concatenate()([num_in, layers.Embedding(DISTRICTS, 6)(dis_in)])
hidden = layers.Dense(64, activation="relu")(merged)
hidden = layers.Dense(32, activation="relu")(hidden)
price_out = layers.Dense(1)(hidden)
model = keras.Model([num_in, dis_in], price_out)

model.compile(optimizer="adam", loss="mse", metrics=["mae"])
history = model.fit(
    {"numbers": numbers[train], "district": district[train]},
    (y[train] - offset) / unit,
    validation_split=0.1,
    epochs=40,
    batch_size=32,
    verbose=2,
)

guess = model.predict({"numbers": numbers[test], "district": district[test]}, verbose=0)[:, 0]
guess = guess * unit + offset
residual = y[test] - guess
r2 = 1 - (residual**2).sum() / ((y[test] - y[test].mean()) ** 2).sum()
print("mean absolute error:", int(np.abs(residual).mean()))
print("R2 on test flats:", round(float(r2), 4))
