# Tiny GAN on a mixture of 6 Gaussians placed on a ring. Counts how many samples fall near a mode.
import math
import torch
import torch.nn as nn

torch.manual_seed(2)
MODES = torch.tensor([[math.cos(2 * math.pi * k / 6), math.sin(2 * math.pi * k / 6)] for k in range(6)])


def real(n):
    return MODES[torch.randint(0, 6, (n,))] + 0.1 * torch.randn(n, 2)


G = nn.Sequential(nn.Linear(2, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 2))
D = nn.Sequential(nn.Linear(2, 64), nn.LeakyReLU(0.2), nn.Linear(64, 64), nn.LeakyReLU(0.2), nn.Linear(64, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
opt_d = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(128, 1), torch.zeros(128, 1)

for it in range(1, 2401):
    fake = G(torch.randn(128, 2))
    loss_d = bce(D(real(128)), ones * 0.9) + bce(D(fake.detach()), zeros)
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    loss_g = bce(D(fake), ones)
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if it % 400 == 0:
        print(f"it {it} D {loss_d.item():.3f} G {loss_g.item():.3f}")

with torch.no_grad():
    s = G(torch.randn(2000, 2))
    dist, which = torch.cdist(s, MODES).min(1)
    print("modes visited:", which[dist < 0.35].unique().numel())
    print("share of samples near a mode: %.3f" % (dist < 0.35).float().mean())
