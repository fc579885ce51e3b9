"""Conductor's baton: 5 beat patterns from (x, y, speed) tracks, GRU classifier with early stopping.

The recordings are expensive, so this is what we have for now.
"""
import numpy as np
import torch
from torch import nn

CLIPS_PER_PATTERN = 3
PATTERNS = 5
STEPS = 30


def clip(kind, rng):
    t = np.linspace(0, 2 * np.pi, STEPS) + rng.uniform(0, 2 * np.pi)
    k = kind + 1
    x = np.sin(k * t * rng.uniform(0.85, 1.15)) * rng.uniform(0.6, 1.4)
    y = np.cos(t * (1 + kind % 2)) * rng.uniform(0.6, 1.4)
    v = np.abs(np.gradient(x)) + np.abs(np.gradient(y))
    rot = rng.uniform(-0.6, 0.6)
    a = np.stack([x * np.cos(rot) - y * np.sin(rot), x * np.sin(rot) + y * np.cos(rot), v], 1)
    return a + rng.normal(0, 0.25, a.shape)


def collect(n, rng):
    y = np.repeat(np.arange(PATTERNS), n)
    x = np.stack([clip(k, rng) for k in y]).astype(np.float32)
    return torch.from_numpy(x), torch.from_numpy(y)


class Baton(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 24, batch_first=True)
        self.fc = nn.Linear(24, PATTERNS)

    def forward(self, x):
        return self.fc(self.gru(x)[0].mean(1))


def main(seed=66):
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    xtr, ytr = collect(CLIPS_PER_PATTERN, rng)
    xva, yva = collect(60, rng)
    net, loss_fn = Baton(), nn.CrossEntropyLoss()
    opt = torch.optim.Adam(net.parameters(), lr=5e-3)
    best, patience = 1e9, 0
    updates = 0
    while updates < 600 and patience < 40:
        net.train()
        for idx in torch.randperm(len(xtr)).split(25):
            opt.zero_grad()
            loss = loss_fn(net(xtr[idx]), ytr[idx])
            loss.backward()
            opt.step()
            updates += 1
        net.eval()
        with torch.no_grad():
            out = net(xva)
            val = loss_fn(out, yva).item()
            acc = (out.argmax(1) == yva).float().mean().item()
        if val < best:
            best, best_acc, patience = val, acc, 0
            kept = {k: v.clone() for k, v in net.state_dict().items()}
        else:
            patience += 1
        if updates % 20 == 0:
            print(f"updates {updates:3d} train loss {loss.item():.3f} validation {val:.3f} acc {acc:.3f}")
    net.load_state_dict(kept)
    print(f"stopped after {updates} updates, validation accuracy {best_acc:.3f}")


main()
