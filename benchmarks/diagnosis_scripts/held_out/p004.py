import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(305)
yy, xx = torch.meshgrid(torch.arange(10.0), torch.arange(10.0), indexing="ij")
c = 2 + 6 * torch.rand(1500, 2)
imgs = torch.exp(-((xx - c[:, :1, None]) ** 2 + (yy - c[:, 1:, None]) ** 2) / 4).view(1500, 100)


class VAE(nn.Module):
    def __init__(self):
        super(VAE, self).__init__()
        self.fc1 = nn.Linear(100, 64)
        self.fc21 = nn.Linear(64, 2)
        self.fc22 = nn.Linear(64, 2)
        self.fc3 = nn.Linear(2, 64)
        self.fc4 = nn.Linear(64, 100)

    def forward(self, x):
        h1 = F.relu(self.fc1(x))
        mu, logvar = self.fc21(h1), self.fc22(h1)
        z = mu + torch.randn_like(mu) * torch.exp(0.5 * logvar)
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z)))), mu, logvar


def loss_function(recon_x, x, mu, logvar):
    bce = F.binary_cross_entropy(recon_x, x, reduction="sum")
    kld = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())
    return bce + kld


model = VAE()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(1, 26):
    total = 0
    for idx in torch.randperm(1400).split(50):
        optimizer.zero_grad()
        recon, mu, logvar = model(imgs[idx])
        loss = loss_function(recon, imgs[idx], mu, logvar)
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 5 == 0:
        print("====> Epoch: {} Average loss: {:.4f}".format(epoch, total / 1400))
with torch.no_grad():
    r, _, _ = model(imgs[1400:])
    print("variance", imgs.var().item(), "recon per pixel", F.mse_loss(r, imgs[1400:]).item())
