import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

np.random.seed(7)
torch.manual_seed(7)

# hourly electricity load of a small town in kW
hours = np.arange(24 * 120)
load = (
    5200
    + 1400 * np.sin(2 * np.pi * (hours % 24 - 7) / 24)
    + 500 * ((hours // 24) % 7 < 5)
    + 120 * np.random.randn(len(hours))
)
temp = 12 + 9 * np.sin(2 * np.pi * hours / (24 * 120)) + 1.5 * np.random.randn(len(hours))
load -= 60 * (temp - 12)

# features: scaled load, scaled temperature, time of day
feat = np.stack(
    [
        (load - load.mean()) / load.std(),
        (temp - temp.mean()) / temp.std(),
        np.sin(2 * np.pi * hours / 24),
        np.cos(2 * np.pi * hours / 24),
    ],
    1,
).astype(np.float32)

lookback = 24
X = np.stack([feat[i : i + lookback] for i in range(len(feat) - lookback)])
y = load[lookback:].astype(np.float32)[:, None]
split = int(0.8 * len(X))
train_dl = DataLoader(TensorDataset(torch.tensor(X[:split]), torch.tensor(y[:split])), batch_size=64, shuffle=True)
X_test, y_test = torch.tensor(X[split:]), torch.tensor(y[split:])


class LoadForecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 48, num_layers=1, batch_first=True)
        self.fc = nn.Linear(48, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


model = LoadForecaster()
loss_fn = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)

for epoch in range(15):
    model.train()
    losses = []
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if epoch % 2 == 0:
        print(f"Epoch {epoch:02d}  MSE {np.mean(losses):.4f}")

model.eval()
with torch.no_grad():
    pred = model(X_test)
r2 = 1 - ((pred - y_test) ** 2).sum() / ((y_test - y_test.mean()) ** 2).sum()
print("test R2: %.4f" % r2.item())
