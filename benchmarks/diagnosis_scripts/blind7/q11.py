# Activity from a wrist sensor, 3 axes x 32 samples. Conv front end and a deep dense tail (notebook turned into script).
import numpy as np
import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset, random_split

SEED = 42
np.random.seed(SEED)
torch.manual_seed(SEED)

ACTIVITIES = ["walk", "run", "stairs", "sit", "cycle"]
FREQ = [2.0, 3.2, 1.6, 0.2, 2.6]
AMP = [1.0, 1.8, 1.2, 0.15, 0.7]


def sample(k):
    t = np.linspace(0, 1.6, 32)
    base = [
        AMP[k] * np.sin(2 * np.pi * FREQ[k] * t * np.random.normal(1, 0.04) + np.random.rand() * 6.28 + axis)
        for axis in range(3)
    ]
    return np.array(base) * np.random.normal(1, 0.1) + 0.2 * np.random.randn(3, 32)


labels = np.random.randint(0, 5, 1800)
data = np.stack([sample(k) for k in labels]).astype(np.float32)
data = (data - data.mean((0, 2), keepdims=True)) / data.std((0, 2), keepdims=True)
ds = TensorDataset(torch.from_numpy(data), torch.from_numpy(labels))
train_ds, val_ds = random_split(ds, [1500, 300])
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
val_dl = DataLoader(val_ds, batch_size=100)


def block(i, o):
    return nn.Sequential(nn.Linear(i, o), nn.Sigmoid())


class DeepHAR(nn.Module):
    def __init__(self, depth=9, width=64):
        super().__init__()
        self.front = nn.Sequential(
            nn.Conv1d(3, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(16, 16, 5, padding=2), nn.ReLU(), nn.MaxPool1d(2)
        )
        self.tail = nn.Sequential(block(128, width), *[block(width, width) for _ in range(depth - 1)])
        self.cls = nn.Linear(width, 5)

    def forward(self, x):
        return self.cls(self.tail(self.front(x).flatten(1)))


net = DeepHAR()
opt = optim.Adam(net.parameters(), lr=1e-3)
crit = nn.CrossEntropyLoss()
history = []
for epoch in range(12):
    net.train()
    run = 0.0
    for xb, yb in train_dl:
        opt.zero_grad()
        loss = crit(net(xb), yb)
        loss.backward()
        opt.step()
        run += loss.item() * len(xb)
    net.eval()
    correct = 0
    with torch.no_grad():
        for xb, yb in val_dl:
            correct += (net(xb).argmax(1) == yb).sum().item()
    history.append((run / 1500, correct / 300))
    print("epoch %d: train loss %.4f, val acc %.4f" % (epoch + 1, *history[-1]))
