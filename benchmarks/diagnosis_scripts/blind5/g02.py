"""Wind turbine gearbox alarms from 10-minute vibration windows (binary).

usage: python turbine_alarm.py [--epochs 12] [--hidden 24]
"""
import argparse

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def simulate(n, rng):
    """n windows of 30 steps x 3 axes; an alarm is a slow drift plus a burst on the second axis."""
    x = rng.normal(0, 1, (n, 30, 3))
    alarm = rng.random(n) < 0.025
    for i in np.flatnonzero(alarm):
        start = rng.integers(5, 20)
        x[i, start:start + 8, 1] += rng.normal(1.3, 0.3)
        x[i, :, 0] += np.linspace(0, 0.9, 30)
    return x.astype(np.float32), alarm.astype(np.float32)


class AlarmNet(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(3, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.head(out.mean(1)).squeeze(-1)


def f1(logits, y):
    p = (logits > 0).float()
    tp = (p * y).sum().item()
    fp = (p * (1 - y)).sum().item()
    fn = ((1 - p) * y).sum().item()
    return 2 * tp / max(2 * tp + fp + fn, 1)


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=10)
    ap.add_argument("--hidden", type=int, default=24)
    ap.add_argument("--lr", type=float, default=1e-3)
    args = ap.parse_args()

    seed = 5
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    xtr, ytr = simulate(2400, rng)
    xte, yte = simulate(2400, rng)
    train = DataLoader(TensorDataset(torch.from_numpy(xtr), torch.from_numpy(ytr)), batch_size=64, shuffle=True)
    xte, yte = torch.from_numpy(xte), torch.from_numpy(yte)

    model = AlarmNet(args.hidden)
    criterion = nn.BCEWithLogitsLoss()
    optim = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        model.train()
        total = 0.0
        for xb, yb in train:
            optim.zero_grad()
            loss = criterion(model(xb), yb)
            loss.backward()
            optim.step()
            total += loss.item()
        model.eval()
        with torch.no_grad():
            logits = model(xte)
        print(f"[{epoch:02d}] loss {total / len(train):.4f}  f1 {f1(logits, yte):.3f}")
    print("alarms in the test period:", int(yte.sum()), " raised:", int((logits > 0).sum()))
    print(f"final F1 = {f1(logits, yte):.3f}")


if __name__ == "__main__":
    main()
