import os

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np
import torch
from torch.utils.data import DataLoader, TensorDataset

keras.utils.set_random_seed(212)
x = torch.randn(1500, 10)
y = ((x[:, :3] ** 2).sum(1) > 2.4).long()
loader = DataLoader(TensorDataset(x[:1200], y[:1200]), batch_size=32, shuffle=True)

inputs = keras.Input((10,))
h = keras.layers.Dense(64, activation="relu")(inputs)
h = keras.layers.Dense(32, activation="relu")(h)
model = keras.Model(inputs, keras.layers.Dense(2)(h))
optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
loss_fn = torch.nn.CrossEntropyLoss()
for epoch in range(15):
    for step, (xb, yb) in enumerate(loader):
        logits = model(xb, training=True)
        loss = loss_fn(logits, yb)
        model.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        acc = (model(x[1200:], training=False).argmax(1) == y[1200:]).float().mean().item()
    print(f"epoch {epoch} loss={float(loss):.4f} acc={acc:.4f}")
