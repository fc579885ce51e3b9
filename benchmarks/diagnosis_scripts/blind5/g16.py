# DeepSets: classify small point clouds (ring / disc / cross) whatever the order of the points
import math
import torch
from torch import nn, optim

torch.manual_seed(77)


def cloud(kind, n):
    a = torch.rand(n) * 2 * math.pi
    if kind == 0:
        p = torch.stack([a.cos(), a.sin()], 1)
    elif kind == 1:
        p = torch.stack([a.cos(), a.sin()], 1) * torch.rand(n, 1).sqrt()
    else:
        s = torch.rand(n) * 2 - 1
        p = torch.where((torch.rand(n) < 0.5)[:, None], torch.stack([s, 0 * s], 1), torch.stack([0 * s, s], 1))
    return p + 0.1 * torch.randn(n, 2)


def make(n):
    y = torch.arange(n) % 3
    return torch.stack([cloud(int(k), 24) for k in y]), y


class DeepSet(nn.Module):
    def __init__(self):
        super().__init__()
        self.phi = nn.Sequential(nn.Linear(2, 48), nn.GELU(), nn.Linear(48, 48), nn.GELU())
        self.rho = nn.Sequential(nn.BatchNorm1d(96), nn.Linear(96, 32), nn.GELU(), nn.Dropout(0.1), nn.Linear(32, 3))

    def forward(self, pts):
        f = self.phi(pts)
        return self.rho(torch.cat([f.mean(1), f.amax(1)], 1))


xtr, ytr = make(600)
xte, yte = make(300)
model = DeepSet()
optimizer = optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
lossf = nn.CrossEntropyLoss(label_smoothing=0.1)
ema = {k: v.clone() for k, v in model.state_dict().items()}

for epoch in range(15):
    model.train()
    for i in torch.randperm(600).split(30):
        angle = torch.rand(()) * 2 * math.pi
        R = torch.tensor([[angle.cos(), -angle.sin()], [angle.sin(), angle.cos()]])
        keep = xtr[i] if epoch % 2 else xtr[i] @ R * 1.0
        loss = lossf(model(keep), ytr[i])
        optimizer.zero_grad(); loss.backward(); optimizer.step()
        for k, v in model.state_dict().items():
            if v.is_floating_point():
                ema[k].mul_(0.9).add_(v, alpha=0.1)
            else:
                ema[k] = v.clone()
    if epoch % 3 == 2:
        print("epoch", epoch + 1, "smoothed-label loss %.3f" % loss.item())

averaged = DeepSet()
averaged.load_state_dict(ema)
averaged.eval()
with torch.no_grad():
    print("accuracy of the averaged weights: %.3f" % (averaged(xte).argmax(1) == yte).float().mean())
