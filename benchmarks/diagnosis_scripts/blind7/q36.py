"""Greenhouse: predict tomorrow's mean growth from the last 24 hours of four sensors."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(51)
torch.manual_seed(51)


def day(n):
    h = np.arange(24)
    sun = np.maximum(0, np.sin((h - 6) / 12 * np.pi))[None] * rng.uniform(8000, 65000, (n, 1))
    temp = 15 + sun / 6000 + rng.normal(0, 1.5, (n, 24))
    co2 = rng.uniform(380, 900, (n, 1)) + rng.normal(0, 15, (n, 24))
    pressure = 101325 + rng.normal(0, 600, (n, 1)) + rng.normal(0, 30, (n, 24))
    x = np.stack([sun, temp, co2, pressure], -1)
    growth = 1.2 * sun.mean(1) / 12000 + 0.004 * (co2.mean(1) - 640) + 0.15 * (temp.mean(1) - 18)
    growth += rng.normal(0, 0.15, n)
    return x.astype(np.float32), growth.astype(np.float32)


Xtr, ytr = day(1500)
Xte, yte = day(400)
m, s = ytr.mean(), ytr.std()
ytr, yte = (ytr - m) / s, (yte - m) / s

train_loader = DataLoader(TensorDataset(torch.from_numpy(Xtr), torch.from_numpy(ytr)), batch_size=32, shuffle=True)
Xte, yte = torch.from_numpy(Xte), torch.from_numpy(yte)


class Greenhouse(nn.Module):
    def __init__(self, n_features=4, hidden=32):
        super().__init__()
        self.gru = nn.GRU(n_features, hidden, num_layers=2, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(out[:, -1]).squeeze(1)


model = Greenhouse()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(opt, patience=3, factor=0.5)
loss_fn = nn.MSELoss()
for epoch in range(15):
    model.train()
    total = 0.0
    for xb, yb in train_loader:
        loss = loss_fn(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += loss.item() * len(xb)
    model.eval()
    with torch.no_grad():
        val = loss_fn(model(Xte), yte).item()
    scheduler.step(val)
    print(f"epoch {epoch + 1:2d} train {total / 1500:.4f} val {val:.4f} r2 {1 - val / yte.var().item():.4f}")
