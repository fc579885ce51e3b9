"""Human activity from a wrist accelerometer: Conv1d front end, BatchNorm, GRU on top."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, TensorDataset

SEED = 10
ACTIVITIES = ["rest", "walk", "stairs", "run"]


def record(kind, rng, steps=48):
    f = [0.0, 1.7, 2.0, 2.5][kind] + rng.normal(0, 0.12)
    a = [0.4, 2.5, 2.5, 4.0][kind] * rng.uniform(0.7, 1.3)
    t = np.arange(steps) / 16
    g = rng.normal(0, 1, 3)
    g = 9.81 * g / np.linalg.norm(g)  # gravity points anywhere: the watch turns
    swing = a * np.sin(2 * np.pi * f * t + rng.uniform(0, 6))[:, None] * rng.uniform(0.4, 1, 3)
    if kind == 2:
        swing += 1.2 * np.sin(4 * np.pi * f * t)[:, None]
    return (g + swing + rng.normal(0, 0.8, (steps, 3))) * 16.0  # counts


class HARNet(nn.Module):
    def __init__(self, classes=4):
        super().__init__()
        self.bn0 = nn.BatchNorm1d(3)
        self.conv1 = nn.Conv1d(3, 16, 5, padding=2)
        self.bn1 = nn.BatchNorm1d(16)
        self.conv2 = nn.Conv1d(16, 24, 5, stride=2, padding=2)
        self.bn2 = nn.BatchNorm1d(24)
        self.gru = nn.GRU(24, 24, batch_first=True)
        self.fc = nn.Linear(24, classes)

    def forward(self, x):
        x = self.bn0(x.transpose(1, 2))
        x = torch.tanh(self.bn1(self.conv1(x)))
        x = torch.tanh(self.bn2(self.conv2(x)))
        out, _ = self.gru(x.transpose(1, 2))
        return self.fc(out.mean(1))


def evaluate(model, loader):
    model.eval()
    hit = n = 0
    with torch.no_grad():
        for x, y in loader:
            hit += (model(x).argmax(1) == y).sum().item()
            n += len(y)
    return hit / n


def fit(model, train, val, epochs):
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
    print("before training", round(evaluate(model, val), 3))
    for epoch in range(epochs):
        total = 0.0
        for x, y in train:
            optimizer.zero_grad()
            loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            total += loss.item()
        print(f"epoch {epoch} loss {total / len(train):.4f} val acc {evaluate(model, val):.4f}")
    return model


def loaders():
    rng = np.random.default_rng(SEED)
    y = np.arange(1000) % 4
    x = np.stack([record(k, rng) for k in y]).astype(np.float32)
    data = TensorDataset(torch.from_numpy(x), torch.from_numpy(y))
    train, val = torch.utils.data.random_split(data, [700, 300], torch.Generator().manual_seed(SEED))
    return DataLoader(train, 35, shuffle=True), DataLoader(val, 100)


if __name__ == "__main__":
    torch.manual_seed(SEED)
    train, val = loaders()
    fit(HARNet(), train, val, epochs=8)
