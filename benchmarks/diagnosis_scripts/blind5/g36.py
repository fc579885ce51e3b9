"""Flat prices in yen (tens of millions), 5-fold cross validation, targets standardised inside each fold."""
import numpy as np
import torch
from torch import nn

np.random.seed(500)
torch.set_default_dtype(torch.float64)


def flats(n=500):
    area = np.random.gamma(9, 7, n)
    age = np.random.uniform(0, 45, n)
    walk = np.random.exponential(8, n)
    floor = np.random.randint(1, 20, n)
    price = 650_000 * area * np.exp(-0.012 * age - 0.015 * walk) * (1 + 0.01 * floor) + np.random.normal(0, 1.5e6, n)
    return np.stack([area, age, walk, floor], 1), price


class Standardise:
    def fit(self, a):
        self.m, self.s = a.mean(0), a.std(0)
        return self

    def to(self, a):
        return torch.tensor((a - self.m) / self.s)

    def back(self, t):
        return t.numpy() * self.s + self.m


def fit_fold(x, y, fold):
    torch.manual_seed(500 + fold)
    net = nn.Sequential(nn.Linear(4, 24), nn.SiLU(), nn.Linear(24, 24), nn.SiLU(), nn.Linear(24, 1), nn.Flatten(0))
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    sched = torch.optim.lr_scheduler.ExponentialLR(opt, 0.97)
    for _ in range(50):
        for idx in torch.randperm(len(x)).split(40):
            loss = nn.functional.huber_loss(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        sched.step()
    return net, loss.item()


X, price = flats()
folds = np.array_split(np.random.permutation(len(X)), 5)
scores = []
for k, test in enumerate(folds):
    train = np.setdiff1d(np.arange(len(X)), test)
    sx, sy = Standardise().fit(X[train]), Standardise().fit(price[train])
    net, loss = fit_fold(sx.to(X[train]), sy.to(price[train]), k)
    with torch.no_grad():
        guess = sy.back(net(sx.to(X[test])))
    r2 = 1 - ((guess - price[test]) ** 2).sum() / ((price[test] - price[test].mean()) ** 2).sum()
    scores.append(r2)
    print(f"fold {k}: last loss {loss:.4f}, R2 {r2:.4f}, mean abs error {np.abs(guess - price[test]).mean():,.0f} yen")
print(f"R2 over the folds: {np.mean(scores):.4f}")
