import copy

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(10)
protos = torch.randn(10, 1, 12, 12)


def images(labels):
    return protos[labels] + 0.7 * torch.randn(len(labels), 1, 12, 12)


class SmallCNN(nn.Module):
    def __init__(self, classes):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(1, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
            nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        )
        self.fc = nn.Linear(24 * 9, classes)

    def forward(self, x):
        return self.fc(self.features(x))


def fit(net, params, classes, steps, lr):
    opt = torch.optim.Adam(params, lr=lr)
    for s in range(steps):
        y = torch.randint(0, len(classes), (48,))
        loss = F.cross_entropy(net(images(classes[y])), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if s % 50 == 0:
            print("step", s, "loss", round(loss.item(), 4))


source = torch.tensor([0, 1, 2, 3, 4, 5])
base = SmallCNN(6)
fit(base, base.parameters(), source, 250, 1e-3)

print("-- new task, frozen features")
new = copy.deepcopy(base)
for p in new.features.parameters():
    p.requires_grad = False
new.fc = nn.Linear(24 * 9, 4)
target = torch.tensor([6, 7, 8, 9])
fit(new, filter(lambda p: p.requires_grad, new.parameters()), target, 300, 3e-3)
with torch.no_grad():
    y = torch.randint(0, 4, (500,))
    acc = (new(images(target[y])).argmax(1) == y).float().mean().item()
print("Transfer accuracy:", acc)
