import numpy as np
import torch
from torch import nn

# Remaining useful life of a pump from 3 sensors, 30 time steps each.
# My GRU always gives nearly the same number for every pump.

SEED = 3
np.random.seed(SEED)
torch.manual_seed(SEED)


def simulate(n):
    wear = np.random.uniform(0, 1, n)
    rate = np.random.uniform(0.5, 1.5, n)
    t = np.linspace(0, 1, 30)
    vib = wear[:, None] + 0.4 * rate[:, None] * t + 0.05 * np.random.randn(n, 30)
    temp = 0.5 * wear[:, None] ** 2 + 0.1 * np.random.randn(n, 30)
    load = rate[:, None] + 0.1 * np.random.randn(n, 30)
    x = np.stack([vib, temp, load], axis=-1)
    rul = (1.4 - wear - 0.4 * rate) / rate
    return x.astype(np.float32), rul.astype(np.float32)


X, y = simulate(1200)
Xv, yv = simulate(300)
mu, sd = X.mean((0, 1)), X.std((0, 1))
X, Xv = (X - mu) / sd, (Xv - mu) / sd
y_mu, y_sd = y.mean(), y.std()
y, yv = (y - y_mu) / y_sd, (yv - y_mu) / y_sd
X, y, Xv, yv = map(torch.from_numpy, (X, y, Xv, yv))


class RULNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 32, batch_first=True)
        self.head = nn.Sequential(nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        _, h = self.gru(x)
        return self.head(h[-1])


def mse(pred, target):
    return ((pred - target) ** 2).mean()


net = RULNet()
opt = torch.optim.Adam(net.parameters(), lr=2e-3)
n_batches = len(X) // 50

for ep in range(9):
    perm = torch.randperm(len(X))
    running = 0.0
    for b in range(n_batches):
        idx = perm[b * 50:(b + 1) * 50]
        pred = net(X[idx])
        loss = mse(pred, y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        running += loss.item()
    print("epoch", ep, "mse", running / n_batches)

net.eval()
with torch.no_grad():
    p = net(Xv).numpy().ravel()
ss_res = ((p - yv.numpy()) ** 2).sum()
ss_tot = ((yv.numpy() - yv.numpy().mean()) ** 2).sum()
print("predictions: min %.3f max %.3f" % (p.min(), p.max()))
print("R2 on validation pumps: %.4f" % (1 - ss_res / ss_tot))
