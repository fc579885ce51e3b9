"""Classes of sets: a GRU reads them, the last state is pooled and scored."""

import torch
from torch import nn

SEED = 0
ITEMS = 9
CHANNELS = 3
HIDDEN = 24
RATE = 1e-2
BATCH = 50
EPOCHS = 15

torch.manual_seed(SEED)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(CHANNELS, HIDDEN, batch_first=True)
        self.score = nn.Linear(HIDDEN, 2)

    def forward(self, x):
        states, _ = self.rnn(x)
        return self.score(torch.tensor(states[:, -1].tolist()))


def sets(n):
    x = torch.randn(n, ITEMS, CHANNELS)
    return x, ((x[:, :, 0] * x[:, :, 1]).sum(1) > 0).long()


x, y = sets(1500)
net = Net()
optimizer = torch.optim.Adam(net.parameters(), lr=RATE)
for epoch in range(EPOCHS):
    for i in torch.randperm(len(x)).split(BATCH):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
x, y = sets(500)
with torch.no_grad():
    print("accuracy", (net(x).argmax(1) == y).float().mean().item())
