"""Tiny CNN on 12x12 'digits' drawn as strokes (horizontal, vertical, cross, box, two diagonals, dot, T)."""
import argparse

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

parser = argparse.ArgumentParser()
parser.add_argument("--batch-size", type=int, default=4096)
parser.add_argument("--epochs", type=int, default=12)
parser.add_argument("--lr", type=float, default=0.02)
parser.add_argument("--momentum", type=float, default=0.9)
parser.add_argument("--seed", type=int, default=13)
args = parser.parse_args()
torch.manual_seed(args.seed)


def draw(kind):
    img = torch.zeros(12, 12)
    r, c = (int(v) for v in torch.randint(1, 6, (2,)))
    k = torch.arange(6)
    if kind == 0:
        img[r + 2, c + k] = 1
    elif kind == 1:
        img[r + k, c + 2] = 1
    elif kind == 2:
        img[r + 2, c + k] = 1
        img[r + k, c + 2] = 1
    elif kind == 3:
        img[r, c + k] = img[r + 5, c + k] = 1
        img[r + k, c] = img[r + k, c + 5] = 1
    elif kind == 4:
        img[r + k, c + k] = 1
    elif kind == 5:
        img[r + k, c + 5 - k] = 1
    elif kind == 6:
        img[r:r + 3, c:c + 3] = 1
    else:
        img[r, c + k] = 1
        img[r + k, c + 3] = 1
    return img + 0.3 * torch.randn(12, 12)


def build(n):
    y = torch.randint(8, (n,))
    return torch.stack([draw(int(k)) for k in y]).unsqueeze(1), y


class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 8, 3, padding=1)
        self.conv2 = nn.Conv2d(8, 16, 3, padding=1)
        self.fc = nn.Linear(16 * 9, 8)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        return self.fc(x.flatten(1))


xtr, ytr = build(4096)
xte, yte = build(800)
loader = DataLoader(TensorDataset(xtr, ytr), batch_size=args.batch_size, shuffle=True)
net = CNN()
opt = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=args.momentum)
for epoch in range(args.epochs):
    for x, y in loader:
        opt.zero_grad()
        loss = F.cross_entropy(net(x), y)
        loss.backward()
        opt.step()
    with torch.no_grad():
        acc = (net(xte).argmax(1) == yte).float().mean().item()
    print(f"epoch {epoch + 1} loss {loss.item():.4f} test acc {acc:.4f}")
