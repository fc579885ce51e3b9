"""Card fraud, about 3 % positives. Balanced batches through a weighted sampler; PR-AUC style report."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(31)
rng = np.random.default_rng(31)


def transactions(n):
    amount = rng.lognormal(3, 1, n)
    hour = rng.integers(0, 24, n)
    distance = rng.exponential(10, n)
    velocity = rng.poisson(2, n)
    risk = 1.1 * (np.log(amount) - 3) + 0.9 * (hour < 6) * 3 + 0.1 * (distance - 10) + 0.9 * (velocity - 2)
    fraud = risk + rng.normal(0, 0.5, n) > 5.2
    cols = [np.log(amount), np.sin(hour / 24 * 2 * np.pi), np.cos(hour / 24 * 2 * np.pi), np.log1p(distance), velocity]
    return np.stack(cols, 1).astype("float32"), fraud.astype("float32")


x, y = transactions(6000)
xt, yt = transactions(4000)
mean, std = x.mean(0), x.std(0)
x, xt = (x - mean) / std, (xt - mean) / std
print(f"fraud rate: train {y.mean():.4f}, test {yt.mean():.4f}")

weights = np.where(y == 1, 0.5 / y.sum(), 0.5 / (len(y) - y.sum()))
sampler = WeightedRandomSampler(torch.from_numpy(weights), num_samples=len(y), replacement=True)
loader = DataLoader(TensorDataset(torch.from_numpy(x), torch.from_numpy(y)), batch_size=128, sampler=sampler)

net = nn.Sequential(nn.Linear(5, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 1), nn.Flatten(0))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=1e-3)
bce = nn.BCEWithLogitsLoss()


def balanced_accuracy():
    with torch.no_grad():
        hit = (net(torch.from_numpy(xt)) > 0).numpy() == (yt == 1)
    return 0.5 * (hit[yt == 1].mean() + hit[yt == 0].mean())


for epoch in range(10):
    losses = []
    for xb, yb in loader:
        loss = bce(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    print(f"{epoch}: loss {np.mean(losses):.4f} balanced accuracy {balanced_accuracy():.4f}")
