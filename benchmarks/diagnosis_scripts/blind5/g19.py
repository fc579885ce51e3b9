"""Homework 3: how deep can we go?  MLP on the two-spirals-with-noise data set."""
import math

import torch
from torch import nn


def spirals(n, gen):
    label = torch.arange(n) % 2
    r = torch.rand(n, generator=gen).sqrt()
    theta = r * 1.5 * math.pi + label * math.pi
    xy = torch.stack([r * theta.cos(), r * theta.sin()], 1)
    return (xy + 0.02 * torch.randn(n, 2, generator=gen)) * 2, label


def build(depth, width):
    layers = [nn.Linear(2, width), nn.Sigmoid()]
    for _ in range(depth - 1):
        layers += [nn.Linear(width, width), nn.Sigmoid()]
    return nn.Sequential(*layers, nn.Linear(width, 2))


def main():
    torch.manual_seed(13)
    gen = torch.Generator().manual_seed(14)
    x, y = spirals(1000, gen)
    xt, yt = spirals(500, gen)
    net = build(depth=8, width=32)
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    for epoch in range(1, 41):
        order = torch.randperm(len(x))
        mean_loss = 0.0
        for i in range(0, len(x), 25):
            j = order[i:i + 25]
            optimizer.zero_grad()
            loss = criterion(net(x[j]), y[j])
            loss.backward()
            optimizer.step()
            mean_loss += loss.item() / 40
        if epoch % 5 == 0:
            with torch.no_grad():
                acc = (net(xt).argmax(1) == yt).float().mean().item()
            print(f"epoch {epoch:3d}   loss {mean_loss:.4f}   test acc {acc:.3f}")


main()
