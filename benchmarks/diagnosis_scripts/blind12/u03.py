import argparse
import math

import torch
from torch import nn

parser = argparse.ArgumentParser(description="LSTM that tells which of several machines hums")
parser.add_argument("--hidden", type=int, default=1)
parser.add_argument("--epochs", type=int, default=25)
parser.add_argument("--batch", type=int, default=50)
parser.add_argument("--lr", type=float, default=0.01)
parser.add_argument("--seed", type=int, default=11)
args = parser.parse_args()

torch.manual_seed(args.seed)

CLASSES = 6
STEPS = 24


def make_split(n):
    label = torch.randint(0, CLASSES, (n,))
    t = torch.arange(STEPS).float()
    freq = 0.15 + 0.22 * (label.float() % 3)
    phase = torch.rand(n) * 0.6
    shape = torch.where(label >= 3, 1.0, -1.0)
    wave = torch.sin(2 * math.pi * freq[:, None] * t / 2 + phase[:, None])
    slope = shape[:, None] * t / STEPS
    noise = 0.15 * torch.randn(n, STEPS, 2)
    return torch.stack([wave, slope], dim=2) + noise, label


class HumNet(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.LSTM(2, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, CLASSES)

    def forward(self, x):
        _, (h, _) = self.rnn(x)
        return self.fc(h[-1])


train_x, train_y = make_split(1000)
test_x, test_y = make_split(300)

net = HumNet(args.hidden)
print(sum(p.numel() for p in net.parameters()), "parameters")
opt = torch.optim.Adam(net.parameters(), lr=args.lr)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(args.epochs):
    perm = torch.randperm(len(train_x))
    running = 0.0
    for i in range(0, len(perm), args.batch):
        idx = perm[i:i + args.batch]
        opt.zero_grad()
        loss = loss_fn(net(train_x[idx]), train_y[idx])
        loss.backward()
        opt.step()
        running += loss.item() * len(idx)
    with torch.no_grad():
        acc = (net(test_x).argmax(1) == test_y).float().mean()
    print("epoch", epoch, "loss %.3f" % (running / len(perm)), "test acc %.3f" % acc)
