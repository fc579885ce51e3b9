import torch
import torch.nn as nn

torch.manual_seed(5)
real_mean, real_std = 2.0, 0.6

G = nn.Sequential(nn.Linear(4, 32), nn.LeakyReLU(0.1), nn.Linear(32, 1))
D = nn.Sequential(nn.Linear(1, 32), nn.LeakyReLU(0.1), nn.Linear(32, 32), nn.LeakyReLU(0.1), nn.Linear(32, 1), nn.Sigmoid())
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.999))
bce = nn.BCELoss()
ones, zeros = torch.ones(128, 1), torch.zeros(128, 1)

for it in range(1500):
    real = real_mean + real_std * torch.randn(128, 1)
    fake = G(torch.randn(128, 4))

    opt_d.zero_grad()
    d_loss = bce(D(real), ones) + bce(D(fake.detach()), zeros)
    d_loss.backward()
    opt_d.step()

    opt_g.zero_grad()
    g_loss = bce(D(fake), ones)
    g_loss.backward()
    opt_g.step()

    if it % 250 == 249:
        s = G(torch.randn(2000, 4)).detach()
        print(f"it {it + 1}: D {d_loss.item():.3f} G {g_loss.item():.3f} mean {s.mean():.2f} std {s.std():.2f}")

s = G(torch.randn(4000, 4)).detach()
print("distance", abs(s.mean().item() - real_mean) + abs(s.std().item() - real_std))
