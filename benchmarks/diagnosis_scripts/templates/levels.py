"""Rising or falling? A level sensor around its usual height."""

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 0
LENGTH = 20
HIDDEN = 24
HEIGHT = 0.0
SLOPE = 0.1
RATE = 3e-3
BATCH = 32
EPOCHS = 12

torch.manual_seed(SEED)


def levels(n):
    y = torch.randint(0, 2, (n,))
    ramp = torch.arange(LENGTH) - LENGTH / 2
    x = (2 * y[:, None] - 1) * SLOPE * ramp + 0.5 * torch.randn(n, LENGTH) + 0.5 * torch.randn(n, 1)
    return (HEIGHT + x).unsqueeze(-1), y


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(1, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, 2)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
for epoch in range(EPOCHS):
    for x, y in DataLoader(TensorDataset(*levels(1600)), BATCH, shuffle=True):
        loss = nn.functional.cross_entropy(net(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
x, y = levels(500)
with torch.no_grad():
    print("accuracy", (net(x).argmax(1) == y).float().mean().item())
