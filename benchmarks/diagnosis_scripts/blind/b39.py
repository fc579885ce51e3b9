import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(64)
ACCUMULATE = 4
n, length = 1600, 20
a = torch.randn(n, length, 3)
labels = (a[:, :, 0].cumsum(1).max(1).values > a[:, :, 1].cumsum(1).max(1).values).long()
train = DataLoader(TensorDataset(a[:1300], labels[:1300]), batch_size=8, shuffle=True)
model = nn.ModuleDict({"lstm": nn.LSTM(3, 32, batch_first=True), "out": nn.Linear(32, 2)})
optimizer = torch.optim.Adam(model.parameters(), lr=6e-3)


def forward(x):
    y, _ = model["lstm"](x)
    return model["out"](y.mean(1))


for epoch in range(14):
    seen = 0.0
    optimizer.zero_grad()
    for i, (x, y) in enumerate(train, 1):
        loss = nn.functional.cross_entropy(forward(x), y)
        (loss / ACCUMULATE).backward()
        seen += loss.item()
        if i % ACCUMULATE == 0 or i == len(train):
            optimizer.step()
            optimizer.zero_grad()
    print("epoch", epoch, "loss", seen / len(train))

with torch.no_grad():
    print("test accuracy", (forward(a[1300:]).argmax(1) == labels[1300:]).float().mean().item())
