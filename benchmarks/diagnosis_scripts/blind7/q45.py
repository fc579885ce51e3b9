"""Seizure detection, deep 1-D conv net with batch norm. Three kinds of recordings, four electrodes."""
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(64)
CH, T = 4, 48


def eeg(n):
    y = torch.randint(0, 3, (n,))
    t = torch.arange(T) / T
    x = torch.randn(n, CH, T)
    f = torch.tensor([0.0, 3.0, 7.0])[y] * (1 + 0.1 * torch.randn(n))
    amp = torch.where(y == 0, 0.0, 0.9)
    phase = 6.28 * torch.rand(n, CH, 1)
    return x + amp[:, None, None] * torch.sin(6.28 * f[:, None, None] * t + phase), y


def conv(i, o):
    return nn.Sequential(nn.Conv1d(i, o, 3, padding=1, bias=False), nn.BatchNorm1d(o), nn.Tanh())


class DeepEEG(nn.Module):
    def __init__(self, depth=9, width=16):
        super().__init__()
        self.body = nn.Sequential(conv(CH, width), *[conv(width, width) for _ in range(depth - 1)])
        self.cls = nn.Linear(width, 3)

    def forward(self, x):
        return self.cls(self.body(x).pow(2).mean(-1))


train_dl = DataLoader(TensorDataset(*eeg(1000)), batch_size=40, shuffle=True)
val_dl = DataLoader(TensorDataset(*eeg(300)), batch_size=100)
model = DeepEEG()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
loss_fn = nn.CrossEntropyLoss()


def validate():
    model.eval()
    hits = 0
    with torch.no_grad():
        for x, y in val_dl:
            hits += (model(x).argmax(1) == y).sum().item()
    return hits / 300


def train_epoch():
    total = 0.0
    for x, y in train_dl:
        opt.zero_grad()
        loss = loss_fn(model(x), y)
        loss.backward()
        opt.step()
        total += loss.item()
    return total / len(train_dl)


print(f"before training: accuracy {validate():.4f}")
for epoch in range(8):
    loss = train_epoch()
    print(f"epoch {epoch + 1}: loss {loss:.4f} accuracy {validate():.4f}")
