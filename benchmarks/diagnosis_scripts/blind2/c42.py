"""Pretrain an autoencoder on unlabelled signals, then train a small classifier on top of its encoder."""
import torch
from torch import nn, optim

torch.manual_seed(6)
basis = torch.randn(8, 40)


def signals(n):
    code = torch.randn(n, 8)
    return torch.tanh(code @ basis / 3) + 0.05 * torch.randn(n, 40), (code[:, 0] * 1.5 + code[:, 1] > 0).long()


encoder = nn.Sequential(nn.Linear(40, 64), nn.ReLU(), nn.Linear(64, 16))
decoder = nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Linear(64, 40))
unlabelled, _ = signals(4000)

opt = optim.Adam(list(encoder.parameters()) + list(decoder.parameters()), lr=2e-3)
for epoch in range(15):
    for b in unlabelled[torch.randperm(4000)].split(64):
        loss = nn.functional.mse_loss(decoder(encoder(b)), b)
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("pretrain", epoch, round(loss.item(), 4))

for p in encoder.parameters():
    p.requires_grad = False
encoder.eval()

head = nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Linear(32, 2))
classifier = nn.Sequential(encoder, head)
x, y = signals(500)
xt, yt = signals(1000)
opt = optim.Adam(filter(lambda p: p.requires_grad, classifier.parameters()), lr=5e-3)
for epoch in range(40):
    perm = torch.randperm(500)
    for k in perm.split(25):
        loss = nn.functional.cross_entropy(classifier(x[k]), y[k])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 0:
        print("finetune", epoch, round(loss.item(), 4))
print("accuracy:", (classifier(xt).argmax(1) == yt).float().mean().item())
