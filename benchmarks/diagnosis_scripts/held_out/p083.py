import argparse

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument("--lr", type=float, default=1e-6)
    p.add_argument("--epochs", type=int, default=15)
    p.add_argument("--hidden", type=int, default=40)
    p.add_argument("--batch-size", type=int, default=32)
    p.add_argument("--seed", type=int, default=3)
    return p.parse_args()


class GRUClassifier(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(2, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 3)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(out[:, -1])


def waves(n, rng):
    t = np.linspace(0, 1, 25)
    y = rng.integers(0, 3, n)
    freq = np.array([1.0, 2.0, 4.0])[y]
    phase = rng.uniform(0, 6.28, n)
    a = np.sin(2 * np.pi * freq[:, None] * t + phase[:, None])
    b = np.cos(2 * np.pi * freq[:, None] * t + phase[:, None])
    x = np.stack([a, b], -1) + 0.1 * rng.standard_normal((n, 25, 2))
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


def main():
    args = get_args()
    torch.manual_seed(args.seed)
    rng = np.random.default_rng(args.seed)
    xtr, ytr = waves(900, rng)
    xva, yva = waves(300, rng)
    model = GRUClassifier(args.hidden)
    opt = torch.optim.Adam(model.parameters(), lr=args.lr)
    for epoch in range(args.epochs):
        model.train()
        for idx in torch.randperm(len(xtr)).split(args.batch_size):
            opt.zero_grad()
            loss = F.cross_entropy(model(xtr[idx]), ytr[idx])
            loss.backward()
            opt.step()
        model.eval()
        with torch.no_grad():
            acc = (model(xva).argmax(1) == yva).float().mean()
        print(f"epoch={epoch} loss={loss.item():.4f} val_acc={acc:.3f}")


if __name__ == "__main__":
    main()
