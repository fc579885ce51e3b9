"""1-D GAN: learn N(3, 0.7) from samples."""
import torch
import torch.nn as nn

torch.manual_seed(130)
G = nn.Sequential(nn.Linear(4, 24), nn.ReLU(), nn.Linear(24, 24), nn.ReLU(), nn.Linear(24, 1))
D = nn.Sequential(nn.Linear(1, 24), nn.LeakyReLU(0.2), nn.Linear(24, 24), nn.LeakyReLU(0.2), nn.Linear(24, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=3e-3, betas=(0.5, 0.999))
bce = nn.BCEWithLogitsLoss()
batch = 128
real_label, fake_label = torch.ones(batch, 1), torch.zeros(batch, 1)

for it in range(2000):
    real = 3 + 0.7 * torch.randn(batch, 1)
    fake = G(torch.randn(batch, 4))
    opt_d.zero_grad()
    d_loss = bce(D(real), real_label) + bce(D(fake.detach()), fake_label)
    d_loss.backward()
    opt_d.step()

    opt_g.zero_grad()
    g_loss = bce(D(fake), real_label)
    g_loss.backward()
    opt_g.step()
    if it % 500 == 0:
        print(f"{it} D {d_loss.item():.3f} G {g_loss.item():.3f} mean {fake.mean().item():.2f} std {fake.std().item():.2f}")

with torch.no_grad():
    s = G(torch.randn(5000, 4))
print("mean error", abs(s.mean().item() - 3), "std", s.std().item())
