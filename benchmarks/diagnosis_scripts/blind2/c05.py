import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(2)

centres = torch.randn(10, 16)
labels = torch.randint(0, 10, (6000,))
points = centres[labels] + 0.9 * torch.randn(6000, 16)
train_ds, test_ds = random_split(TensorDataset(points, labels), [5000, 1000])

params = dict(batch_size=5000, shuffle=True)
train_dl = DataLoader(train_ds, **params)
test_dl = DataLoader(test_ds, batch_size=1000)


def build():
    return nn.Sequential(
        nn.Linear(16, 64), nn.ReLU(),
        nn.Linear(64, 64), nn.ReLU(),
        nn.Linear(64, 10),
    )


net = build()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05)
loss_fn = nn.CrossEntropyLoss()
EPOCHS = 20
for epoch in range(EPOCHS):
    for xb, yb in train_dl:
        loss = loss_fn(net(xb), yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        xb, yb = next(iter(test_dl))
        acc = (net(xb).argmax(1) == yb).float().mean().item()
    print(f"[{epoch + 1}/{EPOCHS}] loss: {loss.item():.3f}  test acc: {acc:.3f}")
