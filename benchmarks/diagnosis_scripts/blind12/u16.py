"""GAN that learns a 1-d normal(4, 1.25) from uniform noise."""
import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(1)
REAL_MEAN, REAL_STD = 4.0, 1.25


class Generator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(2, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 1))

    def forward(self, z):
        return self.net(z)


class Discriminator(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 24), nn.LeakyReLU(0.1), nn.Linear(24, 24), nn.LeakyReLU(0.1), nn.Linear(24, 1))

    def forward(self, x):
        return self.net(x)


G, D = Generator(), Discriminator()
g_opt = optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
d_opt = optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(64, 1), torch.zeros(64, 1)

for step in range(1, 1001):
    real = REAL_MEAN + REAL_STD * torch.randn(64, 1)
    fake = G(torch.rand(64, 2) * 2 - 1)
    d_opt.zero_grad()
    d_loss = bce(D(real), ones) + bce(D(fake.detach()), zeros)
    d_loss.backward()
    d_opt.step()

    g_opt.zero_grad()
    g_loss = bce(D(G(torch.rand(64, 2) * 2 - 1)), ones)
    g_loss.backward()
    g_opt.step()

    if step % 100 == 0:
        with torch.no_grad():
            s = G(torch.rand(2000, 2) * 2 - 1)
        print(f"step {step} D {d_loss.item():.3f} G {g_loss.item():.3f} "
              f"samples mean {s.mean().item():.2f} std {s.std().item():.2f}")
