"""Wear of a tool from vibration: LSTM regression in batches of a data loader."""

import warnings

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 0
LENGTH = 16
HIDDEN = 24
RATE = 5e-3
BATCH = 50
EPOCHS = 12
LOSS = "MSELoss"

warnings.filterwarnings("ignore")
torch.manual_seed(SEED)


def tools(n):
    wear = 2 * torch.rand(n) - 1
    ramp = torch.linspace(0, 1, LENGTH)
    x = wear[:, None] * ramp + 0.2 * torch.randn(n, LENGTH)
    return x.unsqueeze(-1), -1.5 * wear + 0.1 * torch.randn(n)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(1, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


net = Net()
criterion = getattr(nn, LOSS)()
optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
loader = DataLoader(TensorDataset(*tools(1500)), batch_size=BATCH, shuffle=True)
for epoch in range(EPOCHS):
    for x, y in loader:
        optimizer.zero_grad()
        loss = criterion(net(x), y)
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
x, y = tools(500)
with torch.no_grad():
    print("r2", 1 - ((net(x).squeeze(1) - y) ** 2).mean().item() / y.var().item())
