import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(61)

# card fraud: 12 anonymised components, like the well known Kaggle table
N, D = 6000, 12


def load(n):
    y = (torch.rand(n) < 0.03).float()
    x = torch.randn(n, D)
    x[:, :4] += 0.75 * y[:, None]
    x[:, 4] = x[:, 4] + 0.8 * y * x[:, 5]
    return x, y.unsqueeze(1)


X_train, y_train = load(N)
X_test, y_test = load(3000)

model = nn.Sequential(
    nn.Linear(D, 32),
    nn.ReLU(),
    nn.Dropout(0.1),
    nn.Linear(32, 16),
    nn.ReLU(),
    nn.Linear(16, 1),
)
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4)
loader = DataLoader(TensorDataset(X_train, y_train), batch_size=128, shuffle=True)

for epoch in range(20):
    model.train()
    running_loss = 0.0
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    model.eval()
    with torch.no_grad():
        pred = (torch.sigmoid(model(X_test)) > 0.5).float()
    acc = (pred == y_test).float().mean().item()
    recall = ((pred == 1) & (y_test == 1)).sum().item() / y_test.sum().item()
    specificity = ((pred == 0) & (y_test == 0)).sum().item() / (1 - y_test).sum().item()
    print(f"Epoch {epoch + 1:2d} loss {running_loss / len(loader):.4f} acc {acc:.4f} "
          f"recall {recall:.4f} balanced acc {(recall + specificity) / 2:.4f}")
