# A small GAN: the generator learns a ring-shaped distribution in the plane
import math

import torch
from torch import nn, optim

torch.manual_seed(64)
Z = 8


def real_batch(n):
    angle = 2 * math.pi * torch.rand(n)
    radius = 1.0 + 0.1 * torch.randn(n)
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1)


G = nn.Sequential(nn.Linear(Z, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g = optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.full((64, 1), 0.9), torch.zeros(64, 1)

for step in range(1, 2501):
    real, fake = real_batch(64), G(torch.randn(64, Z))
    d_loss = bce(D(real), ones) + bce(D(fake.detach()), zeros)
    opt_d.zero_grad()
    d_loss.backward()
    opt_d.step()

    g_loss = bce(D(G(torch.randn(64, Z))), torch.ones(64, 1))
    opt_g.zero_grad()
    g_loss.backward()
    opt_g.step()
    if step % 250 == 0:
        with torch.no_grad():
            r = G(torch.randn(1000, Z)).norm(dim=1)
        print(f"step {step}: d {d_loss.item():.3f} g {g_loss.item():.3f} radius {r.mean():.3f} +- {r.std():.3f}")

with torch.no_grad():
    r = G(torch.randn(2000, Z)).norm(dim=1)
print("mean distance from the ring", (r - 1).abs().mean().item())
