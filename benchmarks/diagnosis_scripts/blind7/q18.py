"""Simple rate network (ReLU units, recurrent weights trained) integrating evidence from two ears."""
import math

import torch
from torch import nn

torch.manual_seed(6)


class RateRNN(nn.Module):
    def __init__(self, n_in=2, n_rec=60):
        super().__init__()
        self.n_rec = n_rec
        self.w_in = nn.Parameter(torch.randn(n_rec, n_in) / math.sqrt(n_in))
        self.w_rec = nn.Parameter(1.45 * torch.randn(n_rec, n_rec) / math.sqrt(n_rec / 2))
        self.w_out = nn.Linear(n_rec, 1)

    def forward(self, x):
        r = torch.zeros(x.size(0), self.n_rec)
        for t in range(x.size(1)):
            r = torch.relu(x[:, t] @ self.w_in.T + r @ self.w_rec.T)
        return self.w_out(r).squeeze(1)


def trials(n, steps=40):
    drift = torch.randn(n, 1)
    left = 0.5 + 0.25 * drift + 0.6 * torch.randn(n, steps)
    right = 0.5 - 0.25 * drift + 0.6 * torch.randn(n, steps)
    x = torch.stack([left, right], -1)
    return x, (x[..., 0] - x[..., 1]).mean(1)


x_tr, y_tr = trials(1600)
x_te, y_te = trials(400)
net = RateRNN()
optimizer = torch.optim.SGD(net.parameters(), lr=0.005, momentum=0.9)
loss_fn = nn.MSELoss()

for epoch in range(12):
    total = 0.0
    for idx in torch.randperm(1600).split(32):
        optimizer.zero_grad()
        loss = loss_fn(net(x_tr[idx]), y_tr[idx])
        loss.backward()
        optimizer.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        mse = loss_fn(net(x_te), y_te).item()
    print(f"epoch {epoch:2d} train {total / 1600:.5g} test {mse:.5g}")
with torch.no_grad():
    print("fraction of variance explained", round(1 - (loss_fn(net(x_te), y_te) / y_te.var()).item(), 4))
