"""Hourly electricity load of a town in MW (tens of thousands), GRU, warm-up then decay, MAPE in percent."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

np.random.seed(15)
torch.manual_seed(15)


class Scaler:
    def fit(self, a):
        self.mean, self.std = a.mean(0), a.std(0)
        return self

    def transform(self, a):
        return (a - self.mean) / self.std

    def inverse(self, a):
        return a * self.std + self.mean


def load_series(hours=2200):
    h = np.arange(hours)
    temp = 285 + 8 * np.sin(2 * np.pi * h / (24 * 60)) + 4 * np.sin(2 * np.pi * (h - 9) / 24)
    mw = 42000 + 6000 * np.sin(2 * np.pi * (h - 8) / 24) + 2500 * np.sin(2 * np.pi * h / 168)
    mw = mw - 250 * (temp - 285) + 500 * np.random.randn(hours)
    return np.stack([mw, temp, h % 24], 1)


def windows(a, target, n=24):
    x = np.stack([a[i:i + n] for i in range(len(a) - n)])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(target[n:], dtype=torch.float32)


class LoadGRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        return self.fc(self.gru(x)[0][:, -1]).squeeze(-1)


raw = load_series()
cut = 1800
sx, sy = Scaler().fit(raw[:cut]), Scaler().fit(raw[:cut, 0])
x_train, y_train = windows(sx.transform(raw[:cut]), sy.transform(raw[:cut, 0]))
x_test, y_test = windows(sx.transform(raw[cut:]), raw[cut:, 0])
loader = DataLoader(TensorDataset(x_train, y_train), batch_size=32, shuffle=True)
model = LoadGRU()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
warm, total = 40, 8 * len(loader)
sched = torch.optim.lr_scheduler.LambdaLR(opt, lambda s: min((s + 1) / warm, max(0.05, 1 - s / total)))
huber = nn.SmoothL1Loss()
for epoch in range(8):
    model.train()
    tot = 0.0
    for x, y in loader:
        opt.zero_grad()
        loss = huber(model(x), y)
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item()
    model.eval()
    with torch.no_grad():
        forecast = sy.inverse(model(x_test).numpy())
    mape = np.abs(forecast / y_test.numpy() - 1).mean() * 100
    print(f"epoch {epoch} loss {tot / len(loader):.5f} MAPE {mape:.3f}")
