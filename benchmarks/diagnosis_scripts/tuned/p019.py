import sys

import torch
import torch.nn as nn

torch.manual_seed(99)


class EarlyStopping:
    def __init__(self, patience=3):
        self.patience, self.best, self.bad = patience, float("inf"), 0

    def __call__(self, value):
        if value < self.best - 1e-4:
            self.best, self.bad = value, 0
        else:
            self.bad += 1
        return self.bad >= self.patience


x = torch.randn(1500, 2)
y = ((x ** 2).sum(1) > 1.4).long()
tr, va, te = slice(0, 1000), slice(1000, 1250), slice(1250, 1500)
model = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 2))
opt = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()
stopper = EarlyStopping()
for epoch in range(200):
    for i in torch.randperm(1000).split(40):
        opt.zero_grad()
        loss_fn(model(x[tr][i]), y[tr][i]).backward()
        opt.step()
    with torch.no_grad():
        v = loss_fn(model(x[va]), y[va]).item()
    print(f"epoch {epoch} val_loss {v:.4f}")
    if stopper(v):
        print("early stop")
        break

with torch.no_grad():
    print("accuracy:", (model(x[te]).argmax(1) == y[te]).float().mean().item())
sys.exit(0)
