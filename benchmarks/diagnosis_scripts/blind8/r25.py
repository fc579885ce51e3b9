import os
os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import keras
from keras import layers

seed = 1
keras.utils.set_random_seed(seed)
rng = np.random.default_rng(seed)

# house prices (thousands) from area, rooms, age, distance; 300 houses, 4 folds
area = rng.uniform(40, 200, 300)
rooms = np.clip(area // 25 + rng.integers(-1, 2, 300), 1, 9)
age = rng.uniform(0, 80, 300)
dist = rng.exponential(8, 300)
price = 2.4 * area + 9 * rooms - 0.8 * age - 40 * np.log1p(dist) + 150 + 12 * rng.normal(size=300)
data = np.stack([area, rooms, age, dist], 1)


def build_model():
    m = keras.Sequential([
        layers.Input((4,)),
        layers.Dense(32, activation="relu"),
        layers.Dense(32, activation="relu"),
        layers.Dense(1),
    ])
    m.compile(optimizer=keras.optimizers.RMSprop(5e-3), loss="mse", metrics=["mae"])
    return m


k = 4
folds = np.array_split(rng.permutation(300), k)
scores = []
for i in range(k):
    val = folds[i]
    part = np.concatenate([f for j, f in enumerate(folds) if j != i])
    mean, std = data[part].mean(0), data[part].std(0)
    y_mean, y_std = price[part].mean(), price[part].std()
    model = build_model()
    model.fit((data[part] - mean) / std, (price[part] - y_mean) / y_std, epochs=30, batch_size=16, verbose=0)
    _, mae = model.evaluate((data[val] - mean) / std, (price[val] - y_mean) / y_std, verbose=0)
    print("fold", i, "MAE", round(mae * y_std, 2), "thousand")
    p = model.predict((data[val] - mean) / std, verbose=0)[:, 0] * y_std + y_mean
    scores.append(1 - ((p - price[val]) ** 2).mean() / price[val].var())
print("mean R2 over folds: %.4f" % np.mean(scores))
