# Step 1: autoencoder on unlabelled spectra. Step 2: encoder frozen, a head on 150 labelled ones.
import os
import tempfile
import torch
import torch.nn as nn

torch.manual_seed(66)

def spectra(n):
    grid = torch.linspace(0, 1, 60)
    kind = torch.randint(0, 3, (n,))
    centre = torch.tensor([0.25, 0.5, 0.75])[kind][:, None] + 0.04 * torch.randn(n, 1)
    peak = torch.exp(-((grid - centre) / 0.06) ** 2)
    baseline = 0.3 * torch.rand(n, 1) + 0.2 * torch.rand(n, 1) * grid
    return peak * (0.6 + 0.4 * torch.rand(n, 1)) + baseline + 0.05 * torch.randn(n, 60), kind

encoder = nn.Sequential(nn.Linear(60, 32), nn.ReLU(), nn.Linear(32, 8))
decoder = nn.Sequential(nn.Linear(8, 32), nn.ReLU(), nn.Linear(32, 60))
x, _ = spectra(1500)
opt = torch.optim.Adam(list(encoder.parameters()) + list(decoder.parameters()), lr=2e-3)
for epoch in range(15):
    for b in torch.randperm(1500).split(50):
        loss = nn.functional.mse_loss(decoder(encoder(x[b])), x[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        print("autoencoder", epoch + 1, f"mse {loss.item():.4f} of {x.var().item():.4f}")

with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "encoder.pt")
    torch.save(encoder.state_dict(), path)
    backbone = nn.Sequential(nn.Linear(60, 32), nn.ReLU(), nn.Linear(32, 8))
    backbone.load_state_dict(torch.load(path))

for p in backbone.parameters():
    p.requires_grad = False
clf = nn.Sequential(backbone, nn.BatchNorm1d(8), nn.Linear(8, 3))
lx, ly = spectra(150)
tx, ty = spectra(400)
opt = torch.optim.SGD(filter(lambda p: p.requires_grad, clf.parameters()), lr=0.1, momentum=0.9)
for epoch in range(30):
    clf.train()
    for b in torch.randperm(150).split(15):
        loss = nn.functional.cross_entropy(clf(lx[b]), ly[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        clf.eval()
        with torch.no_grad():
            print("head", epoch + 1, f"loss {loss.item():.4f} test accuracy {(clf(tx).argmax(1) == ty).float().mean().item():.4f}")
