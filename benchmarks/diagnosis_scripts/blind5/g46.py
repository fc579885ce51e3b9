"""Sweep over width and weight decay for an inverter-fault CNN; the best setting on validation is trained again."""
import itertools
import torch
from torch import nn


def phases(n, gen):
    """Two-phase current snapshots (2 x 64); faults: none, open switch, harmonic, noise burst."""
    y = torch.randint(0, 4, (n,), generator=gen)
    t = torch.linspace(0, 6.2832 * 2, 64)
    start = 6.28 * torch.rand(n, 1, generator=gen)
    x = torch.stack([torch.sin(t + start), torch.sin(t + start + 2.094)], 1)
    k = y[:, None, None]
    x = torch.where(k == 1, torch.cat([x[:, :1].clamp(min=-0.1), x[:, 1:]], 1), x)
    x = torch.where(k == 2, x + 0.35 * torch.sin(5 * t), x)
    x = torch.where(k == 3, x + 0.5 * torch.randn(n, 2, 64, generator=gen) * (t > 9), x)
    return x + 0.1 * torch.randn(n, 2, 64, generator=gen), y


def make_net(width):
    return nn.Sequential(
        nn.Conv1d(2, width, 7, stride=2), nn.ReLU(),
        nn.Conv1d(width, 2 * width, 5, stride=2), nn.ReLU(),
        nn.AdaptiveAvgPool1d(4), nn.Flatten(), nn.Linear(8 * width, 4),
    )


def train(width, decay, epochs, data):
    (x, y), (xv, yv) = data
    torch.manual_seed(74)
    net = make_net(width)
    opt = torch.optim.AdamW(net.parameters(), lr=4e-3, weight_decay=decay)
    for _ in range(epochs):
        for idx in torch.randperm(len(x)).split(32):
            loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
    with torch.no_grad():
        return net, (net(xv).argmax(1) == yv).float().mean().item()


gen = torch.Generator().manual_seed(74)
data = phases(700, gen), phases(300, gen)
table = {}
for width, decay in itertools.product([8, 16], [1e-4, 1e-2]):
    _, acc = train(width, decay, 8, data)
    table[width, decay] = acc
    print(f"width {width:2d} decay {decay:g}: validation accuracy {acc:.3f}")
best = max(table, key=table.get)
net, _ = train(*best, 12, data)
x, y = phases(500, gen)
with torch.no_grad():
    print("chosen:", best, "test accuracy %.3f" % (net(x).argmax(1) == y).float().mean())
