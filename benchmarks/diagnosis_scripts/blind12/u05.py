# House prices with an MLP (homework 3). Price is in units of 100k.
import numpy as np
import torch
from torch import nn, optim

np.random.seed(8)
torch.manual_seed(8)

N = 1500
area = np.random.uniform(400, 4200, N)            # square feet
year = np.random.uniform(1930, 2020, N)
rooms = np.random.randint(1, 9, N).astype(float)
lot = np.random.lognormal(9.2, 0.5, N)            # square feet
dist = np.random.uniform(0.2, 30, N)              # km to centre
income = np.random.normal(62000, 15000, N)

price = (
    0.9 * (area / 1000)
    + 1.2 * np.exp(-dist / 8)
    + 0.5 * np.sin((year - 1930) / 18)
    + 0.12 * rooms
    + 0.6 * (income - 62000) / 15000
    + np.random.normal(0, 0.12, N)
)

X = np.stack([area, year, rooms, lot, dist, income], axis=1)
y = price

X_train, X_val = X[:1200], X[1200:]
y_train, y_val = y[:1200], y[1200:]

X_train = torch.tensor(X_train, dtype=torch.float32)
X_val = torch.tensor(X_val, dtype=torch.float32)
y_train = torch.tensor(y_train, dtype=torch.float32).view(-1, 1)
y_val = torch.tensor(y_val, dtype=torch.float32).view(-1, 1)

net = nn.Sequential(
    nn.Linear(6, 64),
    nn.ReLU(),
    nn.Linear(64, 32),
    nn.ReLU(),
    nn.Linear(32, 1),
)
opt = optim.Adam(net.parameters(), lr=0.001)
loss_fn = nn.MSELoss()


def r2(pred, true):
    return 1 - ((pred - true) ** 2).sum() / ((true - true.mean()) ** 2).sum()


for epoch in range(40):
    order = torch.randperm(1200)
    epoch_loss = 0
    for i in range(0, 1200, 40):
        b = order[i:i + 40]
        opt.zero_grad()
        loss = loss_fn(net(X_train[b]), y_train[b])
        loss.backward()
        opt.step()
        epoch_loss += loss.item()
    if epoch % 5 == 4:
        with torch.no_grad():
            v = net(X_val)
        print('epoch %d loss %.4f val R2 %.4f' % (epoch + 1, epoch_loss / 30, r2(v, y_val).item()))
