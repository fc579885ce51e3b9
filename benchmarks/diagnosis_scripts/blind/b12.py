import torch
from torch import nn
from torch.nn import functional as F

torch.manual_seed(48)
angle = torch.rand(1600) * 6.2832
grid = torch.linspace(-1, 1, 10)
yy, xx = torch.meshgrid(grid, grid, indexing="ij")
images = torch.exp(-((xx - 0.6 * angle.cos().view(-1, 1, 1)) ** 2 + (yy - 0.6 * angle.sin().view(-1, 1, 1)) ** 2) / 0.08)
images = images.flatten(1)


class VAE(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = nn.Linear(100, 64)
        self.mu, self.logvar = nn.Linear(64, 2), nn.Linear(64, 2)
        self.dec1, self.dec2 = nn.Linear(2, 64), nn.Linear(64, 100)

    def forward(self, x):
        h = F.relu(self.hidden(x))
        mu, logvar = self.mu(h), self.logvar(h)
        z = mu + torch.randn_like(mu) * (0.5 * logvar).exp()
        return self.dec2(F.relu(self.dec1(z))), mu, logvar


def elbo(logits, x, mu, logvar):
    bce = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return (bce + kld) / len(x)


vae = VAE()
opt = torch.optim.Adam(vae.parameters(), lr=3e-3)
for epoch in range(30):
    for rows in torch.randperm(1300).split(50):
        logits, mu, logvar = vae(images[rows])
        loss = elbo(logits, images[rows], mu, logvar)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "negative ELBO", loss.item())
with torch.no_grad():
    logits, _, _ = vae(images[1300:])
    error = F.mse_loss(logits.sigmoid(), images[1300:])
    print("unexplained share of the pixels' variance", (error / images[1300:].var()).item())
