import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


def build(n_in, width, depth, n_out):
    layers = [nn.Linear(n_in, width), nn.ReLU()]
    for _ in range(depth):
        layers += [nn.Linear(width, width), nn.Sigmoid()]
    layers.append(nn.Linear(width, n_out))
    return nn.Sequential(*layers)


def main():
    torch.manual_seed(0)
    x = torch.randn(1500, 8)
    y = (x[:, 0] * x[:, 1] > 0).long()
    train = DataLoader(TensorDataset(x[:1200], y[:1200]), batch_size=32, shuffle=True)
    net = build(8, 48, 9, 2)
    opt = torch.optim.Adam(net.parameters(), lr=1e-3)
    crit = nn.CrossEntropyLoss()
    for epoch in range(20):
        total = 0.0
        for xb, yb in train:
            opt.zero_grad()
            loss = crit(net(xb), yb)
            loss.backward()
            opt.step()
            total += loss.item()
        print("epoch", epoch + 1, "loss", round(total / len(train), 4))
    with torch.no_grad():
        print("test acc:", (net(x[1200:]).argmax(1) == y[1200:]).float().mean().item())


main()
