"""Octane number from near-infrared absorbances: 400 samples, fully connected network."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(36)
rng = np.random.default_rng(36)

WAVELENGTHS, WIDTH = 40, 32
mix = rng.normal(0, 1, (4, WAVELENGTHS)) * np.exp(-np.linspace(0, 2, WAVELENGTHS))


def samples(n):
    parts = rng.normal(0, 1, (n, 4))
    nir = parts @ mix + rng.normal(0, 0.5, (n, WAVELENGTHS))
    octane = parts @ np.array([1.0, -0.7, 0.5, 0.3]) + rng.normal(0, 0.5, n)
    return torch.tensor(nir, dtype=torch.float32), torch.tensor(octane, dtype=torch.float32)


x, y = samples(400)
xt, yt = samples(400)

net = nn.Sequential(
    nn.Linear(WAVELENGTHS, WIDTH), nn.ReLU(),
    nn.Linear(WIDTH, WIDTH), nn.ReLU(),
    nn.Linear(WIDTH, 1),
)
print(sum(p.numel() for p in net.parameters()), "weights")
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(1, 31):
    for b in torch.randperm(len(x)).split(20):
        loss = nn.functional.mse_loss(net(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        with torch.no_grad():
            train_r2 = 1 - (net(x)[:, 0] - y).pow(2).mean() / y.var(unbiased=False)
            test_r2 = 1 - (net(xt)[:, 0] - yt).pow(2).mean() / yt.var(unbiased=False)
        print(f"epoch {epoch}: R2 train {train_r2:.3f} test {test_r2:.3f}")
