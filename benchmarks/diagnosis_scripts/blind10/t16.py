"""A GAN for a one-dimensional mixture (see 'GANs in 50 lines'); we look at the moments of the fakes."""
import torch
import torch.nn as nn

torch.manual_seed(8)
BATCH, Z, STEPS = 128, 4, 1000


def real(n):
    side = (torch.rand(n, 1) < 0.5).float() * 2 - 1
    return 1.5 * side + 0.4 * torch.randn(n, 1)


G = nn.Sequential(nn.Linear(Z, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
D = nn.Sequential(nn.Linear(1, 32), nn.LeakyReLU(0.2), nn.Linear(32, 32), nn.LeakyReLU(0.2), nn.Linear(32, 1))
opt_g = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.999))
opt_d = torch.optim.Adam(D.parameters(), lr=2e-3, betas=(0.5, 0.999))
decay = [torch.optim.lr_scheduler.LinearLR(o, 1.0, 0.05, STEPS) for o in (opt_g, opt_d)]
bce = nn.BCEWithLogitsLoss()
ones, zeros = torch.ones(BATCH, 1), torch.zeros(BATCH, 1)

for step in range(1, STEPS + 1):
    opt_d.zero_grad()
    fake = G(torch.randn(BATCH, Z))
    d_loss = bce(D(real(BATCH)), 0.9 * ones) + bce(D(fake.detach()), zeros)
    d_loss.backward()
    opt_d.step()

    opt_g.zero_grad()
    g_loss = bce(D(G(torch.randn(BATCH, Z))), ones)
    g_loss.backward()
    opt_g.step()
    for d in decay:
        d.step()

    if step % 200 == 0:
        with torch.no_grad():
            s = G(torch.randn(2000, Z)).squeeze().sort().values
            r = real(2000).squeeze().sort().values
        print(f"step {step} D {d_loss.item():.3f} G {g_loss.item():.3f} wasserstein {(s - r).abs().mean().item():.4f}")
