"""Which frequency is in the noisy signal? A GRU over one channel."""

import math

import torch
from torch import nn

SEED = 0
CLASSES = 3
LENGTH = 20
HIDDEN = 24
LAYERS = 1
NOISE = 0.3
RATE = 5e-3
BATCH = 32
EPOCHS = 12
RECORDS = 1600

torch.manual_seed(SEED)


def signals(n):
    label = torch.randint(0, CLASSES, (n,))
    frequency = 0.25 + 0.9 * label / CLASSES
    phase = 2 * math.pi * torch.rand(n, 1)
    x = torch.sin(frequency[:, None] * torch.arange(LENGTH) + phase)
    return (x + NOISE * torch.randn(n, LENGTH)).unsqueeze(-1), label


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, HIDDEN, LAYERS, batch_first=True)
        self.out = nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        return self.out(self.gru(x)[0][:, -1])


x, y = signals(RECORDS)
x_new, y_new = signals(500)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
for epoch in range(EPOCHS):
    for i in torch.randperm(RECORDS).split(BATCH):
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
with torch.no_grad():
    print("accuracy", (net(x_new).argmax(1) == y_new).float().mean().item())
