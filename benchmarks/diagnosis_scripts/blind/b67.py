import torch
import torch.nn as nn

torch.manual_seed(10)
MEAN, STD = 3.0, 0.7


def real(n):
    return MEAN + STD * torch.randn(n, 1)


G = nn.Sequential(nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
D = nn.Sequential(nn.Linear(1, 24), nn.LeakyReLU(0.2), nn.Linear(24, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

for it in range(2000):
    fake = G(torch.randn(64, 4))
    loss_d = bce(D(real(64)), ones) + bce(D(fake.detach()), zeros)
    opt_d.zero_grad()
    loss_d.backward()
    opt_d.step()

    loss_g = bce(D(G(torch.randn(64, 4))), ones)
    opt_g.zero_grad()
    loss_g.backward()
    opt_g.step()
    if it % 400 == 0:
        print(f"{it}: D {loss_d.item():.3f} G {loss_g.item():.3f}")

with torch.no_grad():
    sample = G(torch.randn(5000, 4))
print("std", sample.std().item(), "mean", sample.mean().item())
