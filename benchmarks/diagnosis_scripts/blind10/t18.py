#!/usr/bin/env python
"""Shop demand: will tomorrow sell more than today? MLP on lagged ratios and rolling figures."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

np.random.seed(99)
torch.manual_seed(99)


def sales(days=3000):
    season = 6 + 5 * np.sin(np.arange(days) * 2 * np.pi / 7)
    level = np.exp(0.2 * np.sin(np.arange(days) / 60))
    return np.random.poisson(season * level).astype(np.float64)


def pct_change(a, k):
    out = np.zeros_like(a)
    with np.errstate(divide="ignore", invalid="ignore"):
        out[k:] = a[k:] / a[:-k] - 1
    return out


def rolling_mean(a, k):
    c = np.cumsum(np.insert(a, 0, 0))
    out = np.zeros_like(a)
    out[k - 1:] = (c[k:] - c[:-k]) / k
    return out


s = sales()
cols = [s / s.max(), pct_change(s, 1), pct_change(s, 7), rolling_mean(s, 7) / s.max()]
cols += [np.roll(s, k) / s.max() for k in range(1, 8)]
feats = np.stack(cols, 1)
up = (np.roll(s, -1) > s).astype(int)
feats, up = feats[10:-1], up[10:-1]

X = feats.astype(np.float32)
cut = 2400
train_ds = TensorDataset(torch.from_numpy(X[:cut]), torch.from_numpy(up[:cut]))
val_x, val_y = torch.from_numpy(X[cut:]), torch.from_numpy(up[cut:])
loader = DataLoader(train_ds, batch_size=64, shuffle=True)

model = nn.Sequential(
    nn.Linear(X.shape[1], 64), nn.ReLU(),
    nn.Linear(64, 32), nn.ReLU(),
    nn.Linear(32, 2),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=10, gamma=0.5)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(25):
    total = 0
    for xb, yb in loader:
        loss = loss_fn(model(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    scheduler.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            acc = (model(val_x).argmax(1) == val_y).float().mean()
        print(f"epoch {epoch + 1}: loss {total / len(loader):.4f}, val accuracy {acc:.4f}")
