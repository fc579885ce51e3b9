#!/usr/bin/env python3
"""LSTM on daily closes: will the stock go up tomorrow? (first attempt, window of 15 days)"""
import argparse

import numpy as np
import torch
import torch.nn as nn

ap = argparse.ArgumentParser()
ap.add_argument("--window", type=int, default=15)
ap.add_argument("--epochs", type=int, default=14)
ap.add_argument("--hidden", type=int, default=24)
ap.add_argument("--seed", type=int, default=8)
opt = ap.parse_args()

rng = np.random.default_rng(opt.seed)
torch.manual_seed(opt.seed)

MOMENTUM = 0.0
shock = rng.standard_normal(2600) * 0.011
log_return = np.zeros_like(shock)
for t in range(1, len(shock)):
    log_return[t] = MOMENTUM * log_return[t - 1] + shock[t]
close = 100 * np.exp(np.cumsum(log_return))

ret = np.diff(np.log(close))
vol = np.array([ret[max(0, i - 10) : i + 1].std() + 1e-6 for i in range(len(ret))])
ma5 = np.concatenate([np.zeros(4), np.convolve(ret, np.ones(5) / 5, "valid")])
cols = np.stack([ret, ma5, vol], 1)
cols = (cols - cols[:2000].mean(0)) / cols[:2000].std(0)

X, y = [], []
for i in range(opt.window, len(ret)):
    X.append(cols[i - opt.window : i])
    y.append(int(ret[i] > 0))
X = torch.tensor(np.array(X), dtype=torch.float32)
y = torch.tensor(y)
cut = 2000
Xtr, ytr, Xte, yte = X[:cut], y[:cut], X[cut:], y[cut:]


class UpDown(nn.Module):
    def __init__(self, n_in, n_hid):
        super().__init__()
        self.lstm = nn.LSTM(n_in, n_hid, batch_first=True)
        self.fc = nn.Linear(n_hid, 2)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.fc(h[-1])


model = UpDown(3, opt.hidden)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
criterion = nn.CrossEntropyLoss()
for epoch in range(opt.epochs):
    model.train()
    order = torch.randperm(cut)
    epoch_loss, epoch_hit = 0.0, 0
    for start in range(0, cut, 64):
        b = order[start : start + 64]
        logits = model(Xtr[b])
        loss = criterion(logits, ytr[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * len(b)
        epoch_hit += (logits.argmax(1) == ytr[b]).sum().item()
    model.eval()
    with torch.no_grad():
        test_hit = (model(Xte).argmax(1) == yte).float().mean().item()
    print(f"epoch {epoch:2d} loss {epoch_loss / cut:.4f} acc {epoch_hit / cut:.3f} test acc {test_hit:.3f}")
