import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch

keras.utils.set_random_seed(103)
rng = np.random.default_rng(103)
t = np.linspace(0, 80, 1000)
s = np.sin(t) + 0.5 * np.sin(2.3 * t) + 0.05 * rng.standard_normal(1000)
x = np.lib.stride_tricks.sliding_window_view(s, 12)[:-1, :, None].astype("float32")
y = s[12:].astype("float32")

model = keras.Sequential([keras.layers.Input((12, 1)), keras.layers.Flatten(), keras.layers.Dense(32, activation="relu"), keras.layers.Dense(1)])
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(20):
    perm = rng.permutation(800)
    for i in range(0, 800, 20):
        idx = perm[i:i + 20]
        yb = torch.from_numpy(y[idx])
        pred = model(torch.from_numpy(x[idx]), training=True)
        loss = ((pred - yb) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    p = model.predict(x[800:], verbose=0)[:, 0]
    print(f"epoch {epoch} loss {loss.item():.4f} val rmse {np.sqrt(((p - y[800:]) ** 2).mean()):.4f}")
