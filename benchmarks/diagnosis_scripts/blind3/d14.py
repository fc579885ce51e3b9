"""Pump failure model, second version (3 axes, 24 readings, class weight from the training part)."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(61)
rng = np.random.default_rng(61)

N, T = 3000, 24
fails = rng.random(N) < 0.03
windows = rng.normal(0, 1, (N, T, 3))
ramp = np.linspace(0, 1, T)
windows[fails, :, 0] += 1.1 * ramp
windows[fails, :, 2] -= 0.7 * ramp
X = torch.tensor(windows, dtype=torch.float32)
y = torch.tensor(fails, dtype=torch.float32)
Xtr, ytr, Xte, yte = X[:2000], y[:2000], X[2000:], y[2000:]


class PumpNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 16, batch_first=True)
        self.drop = nn.Dropout(0.2)
        self.head = nn.Linear(16, 1)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.head(self.drop(out.mean(1))).squeeze(1)


model = PumpNet()
train_loader = DataLoader(TensorDataset(Xtr, ytr), batch_size=50, shuffle=True)
criterion = nn.BCEWithLogitsLoss(pos_weight=(ytr == 0).sum() / ytr.sum())
opt = torch.optim.Adam(model.parameters(), lr=3e-3)

for epoch in range(9):
    model.train()
    total = 0.0
    for xb, yb in train_loader:
        opt.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        opt.step()
        total += loss.item() * len(xb)
    model.eval()
    with torch.no_grad():
        pred = torch.sigmoid(model(Xte)) > 0.5
    recall = (pred & (yte == 1)).sum().item() / (yte == 1).sum().item()
    spec = (~pred & (yte == 0)).sum().item() / (yte == 0).sum().item()
    print(f"epoch {epoch:2d}  loss {total / len(Xtr):.4f}  acc {(pred == (yte == 1)).float().mean():.3f}"
          f"  recall {recall:.3f}  balanced acc {(recall + spec) / 2:.3f}")
