import argparse
import numpy as np
import torch
import torch.nn as nn

parser = argparse.ArgumentParser(description="Will it rain within 3 hours? Weather station log -> yes/no")
parser.add_argument("--hidden", type=int, default=32)
parser.add_argument("--epochs", type=int, default=15)
parser.add_argument("--lr", type=float, default=2e-3)
parser.add_argument("--seed", type=int, default=3)
args = parser.parse_args()
torch.manual_seed(args.seed)
np.random.seed(args.seed)


def make_station_log(n, steps=18):
    """pressure [Pa], wind bearing [degrees], humidity [%]"""
    falling = np.random.rand(n) < 0.5
    slope = np.where(falling, -1.0, 1.0) * np.random.uniform(8, 40, n)
    t = np.arange(steps)
    pressure = 101325 + np.random.normal(0, 600, (n, 1)) + slope[:, None] * t + np.random.normal(0, 30, (n, steps))
    bearing = np.random.uniform(0, 360, (n, steps))
    humidity = np.clip(70 + np.random.normal(0, 8, (n, steps)), 0, 100)
    x = np.stack([pressure, bearing, humidity], axis=2)
    return x.astype(np.float32), falling.astype(np.int64)


class RainNet(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.lstm = nn.LSTM(3, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 2)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.out(h[-1])


x_train, y_train = make_station_log(1200)
x_valid, y_valid = make_station_log(400)
x_train, x_valid = torch.from_numpy(x_train), torch.from_numpy(x_valid)
y_train, y_valid = torch.from_numpy(y_train), torch.from_numpy(y_valid)

net = RainNet(args.hidden)
optimizer = torch.optim.Adam(net.parameters(), lr=args.lr)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(args.epochs):
    net.train()
    perm = torch.randperm(len(x_train))
    running = 0
    for i in range(0, len(perm), 40):
        idx = perm[i:i + 40]
        optimizer.zero_grad()
        loss = loss_fn(net(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        running += loss.item()
    net.eval()
    with torch.no_grad():
        acc = (net(x_valid).argmax(1) == y_valid).float().mean().item()
    print("epoch %d loss %.4f val_acc %.4f" % (epoch + 1, running / (len(perm) // 40), acc))
