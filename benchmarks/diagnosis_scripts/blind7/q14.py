"""Prediction intervals for flat prices (in euro): pinball loss on standardised log prices, predictions are mapped back."""
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(33)
torch.manual_seed(33)

n = 2500
area = rng.gamma(6, 14, n)
rooms = np.clip(np.round(area / 28 + rng.normal(0, 0.6, n)), 1, 7)
floor = rng.integers(0, 9, n)
year = rng.integers(1900, 2022, n)
dist = rng.exponential(5, n)
log_price = 8.9 + 0.95 * np.log(area) - 0.05 * dist + 0.02 * floor + 0.12 * (year > 1990) + rng.normal(0, 0.06 + 0.01 * dist, n)
price = np.exp(log_price)
raw = np.stack([area, rooms, floor, year, dist], 1)
print("prices from %.0f to %.0f euro" % (price.min(), price.max()))

train, test = np.arange(2000), np.arange(2000, n)


class Scaler:
    def fit(self, a):
        self.m, self.s = a.mean(0), a.std(0)
        return self

    def to(self, a):
        return torch.tensor((a - self.m) / self.s, dtype=torch.float32)

    def back(self, t):
        return t.numpy() * self.s + self.m


xs, ys = Scaler().fit(raw[train]), Scaler().fit(np.log(price[train]))
X, Y = xs.to(raw), ys.to(np.log(price))
Q = torch.tensor([0.1, 0.5, 0.9])

net = nn.Sequential(nn.Linear(5, 48), nn.GELU(), nn.Linear(48, 48), nn.GELU(), nn.Linear(48, 3))
opt = torch.optim.AdamW(net.parameters(), lr=4e-3)
epochs, bs = 30, 64
sched = torch.optim.lr_scheduler.OneCycleLR(opt, 8e-3, total_steps=epochs * (2000 // bs + 1))


def pinball(pred, target):
    e = target[:, None] - pred
    return torch.maximum(Q * e, (Q - 1) * e).mean()


for epoch in range(epochs):
    tot = 0
    for b in torch.randperm(2000).split(bs):
        loss = pinball(net(X[b]), Y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        sched.step()
        tot += loss.item() * len(b)
    if epoch % 5 == 0:
        print("epoch", epoch, "pinball", round(tot / 2000, 4))

with torch.no_grad():
    lo, mid, hi = (np.exp(ys.back(c)) for c in net(X[test]).unbind(1))
inside = ((price[test] >= lo) & (price[test] <= hi)).mean()
mae = np.abs(mid - price[test]).mean()
print("coverage of the 80 %% interval %.3f" % inside)
print("median absolute percentage error %.4f" % np.median(np.abs(mid / price[test] - 1)))
print("MAE of the mean price %.0f euro" % np.abs(price[test] - price[train].mean()).mean())
print("MAE of the median forecast %.0f" % mae)
