# House prices in dollars: scale inputs and target by the training part, report dollars.
import numpy as np
import torch
from torch import nn, optim

np.random.seed(9)
torch.manual_seed(9)

N = 1500
area = np.random.uniform(400, 4200, N)
year = np.random.uniform(1930, 2020, N)
rooms = np.random.randint(1, 9, N).astype(float)
lot = np.random.lognormal(9.2, 0.5, N)
dist = np.random.uniform(0.2, 30, N)
price = 1e5 * (
    0.9 * (area / 1000) + 1.2 * np.exp(-dist / 8) + 0.5 * np.sin((year - 1930) / 18)
    + 0.12 * rooms + np.random.normal(0, 0.12, N)
)

X = np.stack([area, year, rooms, lot, dist], axis=1)
mu, sd = X[:1200].mean(0), X[:1200].std(0)
y_mu, y_sd = price[:1200].mean(), price[:1200].std()

X = torch.tensor((X - mu) / sd, dtype=torch.float32)
Y = torch.tensor((price - y_mu) / y_sd, dtype=torch.float32).view(-1, 1)
dollars = torch.tensor(price, dtype=torch.float32).view(-1, 1)

net = nn.Sequential(nn.Linear(5, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 1))
opt = optim.Adam(net.parameters(), lr=0.003)
loss_fn = nn.MSELoss()

for epoch in range(30):
    order = torch.randperm(1200)
    epoch_loss = 0
    for i in range(0, 1200, 40):
        b = order[i:i + 40]
        opt.zero_grad()
        loss = loss_fn(net(X[b]), Y[b])
        loss.backward()
        opt.step()
        epoch_loss += loss.item()
    if epoch % 5 == 4:
        with torch.no_grad():
            pred = net(X[1200:]) * y_sd + y_mu
        true = dollars[1200:]
        rmse = ((pred - true) ** 2).mean().sqrt().item()
        r2 = (1 - ((pred - true) ** 2).sum() / ((true - true.mean()) ** 2).sum()).item()
        print('epoch %d loss %.4f val RMSE $%.0f val R2 %.4f' % (epoch + 1, epoch_loss / 30, rmse, r2))
