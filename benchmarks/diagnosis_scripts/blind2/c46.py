"""A minimal gated unit written by hand, trained with the pinball loss for the 80 % quantile."""
import math
import torch
from torch import nn

torch.manual_seed(220)


class MGU(nn.Module):
    def __init__(self, n_in, n_hidden):
        super().__init__()
        self.wf = nn.Parameter(torch.randn(n_in + n_hidden, n_hidden) / math.sqrt(n_in + n_hidden))
        self.wh = nn.Parameter(torch.randn(n_in + n_hidden, n_hidden) / math.sqrt(n_in + n_hidden))
        self.bf = nn.Parameter(torch.zeros(n_hidden))
        self.bh = nn.Parameter(torch.zeros(n_hidden))
        self.n_hidden = n_hidden

    def forward(self, x):
        h = x.new_zeros(x.size(0), self.n_hidden)
        for t in range(x.size(1)):
            f = torch.sigmoid(torch.cat([x[:, t], h], 1) @ self.wf + self.bf)
            c = torch.tanh(torch.cat([x[:, t], f * h], 1) @ self.wh + self.bh)
            h = (1 - f) * h + f * c
        return h


class Quantile(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = MGU(1, 24)
        self.out = nn.Linear(24, 1)

    def forward(self, x):
        return self.out(self.cell(x)).squeeze(1)


def pinball(pred, target, q=0.8):
    d = target - pred
    return torch.maximum(q * d, (q - 1) * d).mean()


def claims(n):
    x = torch.randn(n, 8, 1)
    return x, x[:, :, 0].mean(1) * 2 + 0.4 * torch.randn(n)


x, y = claims(1600)
xv, yv = claims(1000)
model = Quantile()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(12):
    for i in torch.randperm(1600).split(32):
        loss = pinball(model(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print(epoch, loss.item())
with torch.no_grad():
    p = model(xv)
    base = pinball(torch.full_like(yv, y.quantile(0.8).item()), yv).item()
    print("share below the prediction", (yv < p).float().mean().item(), "skill", 1 - pinball(p, yv).item() / base)
