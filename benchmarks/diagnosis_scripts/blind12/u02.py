# Wine-ish tabular classification, 4 grades, 13 lab measurements
import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

SEED = 4
torch.manual_seed(SEED)
rng = np.random.default_rng(SEED)

n, d, k = 1600, 13, 4
centres = rng.normal(0, 1.3, size=(k, d))
y = rng.integers(0, k, size=n)
X = centres[y] + rng.normal(0, 1.0, size=(n, d))
X = (X - X.mean(0)) / X.std(0)
X = torch.tensor(X, dtype=torch.float32)
y = torch.tensor(y)

train_ds = TensorDataset(X[:1200], y[:1200])
test_ds = TensorDataset(X[1200:], y[1200:])
train_dl = DataLoader(train_ds, batch_size=32, shuffle=True)
test_dl = DataLoader(test_ds, batch_size=50)

model = nn.Sequential(
    nn.Linear(d, 48), nn.ReLU(),
    nn.Dropout(0.1),
    nn.Linear(48, 24), nn.ReLU(),
    nn.Linear(24, k),
)
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)


def evaluate(loader):
    model.eval()
    correct = total = 0
    loss_sum = 0.0
    with torch.no_grad():
        for xb, yb in loader:
            out = model(xb)
            loss_sum += criterion(out, yb).item() * len(xb)
            pred = out.argmax(dim=0)
            correct += (pred.unsqueeze(1) == yb).float().mean().item() * len(xb)
            total += len(xb)
    return loss_sum / total, correct / total


for epoch in range(15):
    model.train()
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    val_loss, val_acc = evaluate(test_dl)
    print(f"epoch {epoch + 1:2d}  val_loss {val_loss:.4f}  val_acc {val_acc:.4f}")
