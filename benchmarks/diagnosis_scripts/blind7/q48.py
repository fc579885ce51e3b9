"""GAN for a skewed one-dimensional mixture, then a check of quantiles. Two optimizers, alternating steps."""
import torch
from torch import nn

torch.manual_seed(12)


def real(n):
    left = torch.rand(n) < 0.4
    return torch.where(left, -1.5 + 0.4 * torch.randn(n), 1.0 + 0.6 * torch.randn(n))[:, None]


G = nn.Sequential(nn.Linear(4, 48), nn.ReLU(), nn.Linear(48, 48), nn.ReLU(), nn.Linear(48, 1))
D = nn.Sequential(nn.Linear(1, 48), nn.LeakyReLU(0.2), nn.Linear(48, 48), nn.LeakyReLU(0.2), nn.Linear(48, 1))
g_opt = torch.optim.Adam(G.parameters(), lr=1e-3, betas=(0.5, 0.99))
d_opt = torch.optim.Adam(D.parameters(), lr=1e-3, betas=(0.5, 0.99))
bce = nn.BCEWithLogitsLoss()
smooth = [p.detach().clone() for p in G.parameters()]


def distance(a, b):
    """Mean distance between the sorted samples (one-dimensional Wasserstein)."""
    return (a.flatten().sort().values - b.flatten().sort().values).abs().mean().item()


with torch.no_grad():
    print("untrained distance", round(distance(G(torch.randn(4000, 4)), real(4000)), 4))
for step in range(1, 1801):
    x, z = real(128), torch.randn(128, 4)
    fake = G(z)
    d_opt.zero_grad()
    score_real, score_fake = D(x), D(fake.detach())
    d_loss = bce(score_real, torch.full_like(score_real, 0.9)) + bce(score_fake, torch.zeros_like(score_fake))
    d_loss.backward()
    d_opt.step()

    g_opt.zero_grad()
    score = D(G(torch.randn(128, 4)))
    g_loss = bce(score, torch.ones_like(score))
    g_loss.backward()
    g_opt.step()
    with torch.no_grad():
        for s, p in zip(smooth, G.parameters()):
            s.lerp_(p, 0.01)
    if step % 300 == 0:
        with torch.no_grad():
            w = distance(G(torch.randn(4000, 4)), real(4000))
        print(f"step {step} d {d_loss.item():.3f} g {g_loss.item():.3f} distance {w:.4f}")
with torch.no_grad():
    for s, p in zip(smooth, G.parameters()):
        p.copy_(s)
    print("distance of the averaged generator", round(distance(G(torch.randn(8000, 4)), real(8000)), 4))
