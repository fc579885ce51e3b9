import os
os.environ["KERAS_BACKEND"] = "jax"
import keras
import numpy as np

keras.utils.set_random_seed(201)
rng = np.random.default_rng(201)
x = rng.standard_normal((1500, 12, 3)).astype("float32")
y = (x[:, :, 0].sum(1) > x[:, :, 1].sum(1)).astype("float32")

model = keras.Sequential([keras.layers.Input((12, 3)), keras.layers.LSTM(24), keras.layers.Dense(1, activation="sigmoid")])
model.compile(optimizer=keras.optimizers.Adam(5e-3), loss="binary_crossentropy", metrics=["accuracy"])
for epoch in range(12):
    order = rng.permutation(1200)
    for i in range(0, 1200, 40):
        idx = order[i:i + 40]
        logs = model.train_on_batch(x[idx], y[idx], return_dict=True)
    print("epoch", epoch, {k: round(float(v), 4) for k, v in logs.items()})
loss, acc = model.evaluate(x[1200:], y[1200:], verbose=0)
print("accuracy", acc)
