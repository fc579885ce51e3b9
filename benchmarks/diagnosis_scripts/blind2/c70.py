"""
Flat price model. Usage: python flats.py --epochs 60 --lr 0.001
"""
import argparse
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import Dataset, DataLoader


class Flats(Dataset):
    def __init__(self, n, seed):
        g = np.random.default_rng(seed)
        area = g.normal(0, 1, n)
        rooms = g.normal(0, 1, n)
        dist = g.normal(0, 1, n)
        age = g.normal(0, 1, n)
        price = 310000 + 65000 * area + 12000 * rooms - 30000 * dist - 9000 * np.abs(age) + g.normal(0, 8000, n)
        self.x = torch.tensor(np.stack([area, rooms, dist, age], 1), dtype=torch.float32)
        self.y = torch.tensor(price, dtype=torch.float32).view(-1, 1)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(4, 64)
        self.l2 = nn.Linear(64, 64)
        self.l3 = nn.Linear(64, 1)

    def forward(self, x):
        return self.l3(F.relu(self.l2(F.relu(self.l1(x)))))


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--epochs", type=int, default=40)
    p.add_argument("--lr", type=float, default=1e-3)
    args = p.parse_args()
    torch.manual_seed(1)
    train, test = Flats(1000, 1), Flats(400, 2)
    loader = DataLoader(train, batch_size=32, shuffle=True)
    net = Net()
    opt = torch.optim.Adam(net.parameters(), lr=args.lr)
    for ep in range(args.epochs):
        s = 0
        for x, y in loader:
            loss = F.mse_loss(net(x), y)
            opt.zero_grad()
            loss.backward()
            opt.step()
            s += loss.item()
        if ep % 5 == 0:
            print("epoch %d mse %.6g" % (ep, s / len(loader)))
    with torch.no_grad():
        err = F.mse_loss(net(test.x), test.y).item()
    print("R2 on new flats: %.4f" % (1 - err / test.y.var().item()))


if __name__ == "__main__":
    main()
