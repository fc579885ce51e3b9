import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

# Remaining useful life of turbofan engines, from 14 sensors averaged per cycle
np.random.seed(19)
torch.manual_seed(19)

N, SENSORS = 2000, 14
wear = np.random.rand(N)
coef = np.random.randn(SENSORS)
raw = 520.0 + 30 * np.arange(SENSORS) + wear[:, None] * coef * 4 + np.random.randn(N, SENSORS) * 1.5
raw[:, 4] = 21.5            # sensor 5 reads the inlet pressure set point
rul = 1.0 - wear

mean, std = raw[:1600].mean(0), raw[:1600].std(0)
features = (raw - mean) / std

X = torch.tensor(features, dtype=torch.float32)
Y = torch.tensor(rul, dtype=torch.float32).unsqueeze(1)
train_dl = DataLoader(TensorDataset(X[:1600], Y[:1600]), batch_size=64, shuffle=True)
valid_dl = DataLoader(TensorDataset(X[1600:], Y[1600:]), batch_size=200)

model = nn.Sequential(
    nn.Linear(SENSORS, 64), nn.ReLU(),
    nn.Linear(64, 32), nn.ReLU(),
    nn.Linear(32, 1),
)
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
loss_fn = nn.MSELoss()

for epoch in range(20):
    model.train()
    total = 0
    for xb, yb in train_dl:
        optimizer.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(xb)
    model.eval()
    with torch.no_grad():
        vloss = sum(loss_fn(model(xb), yb).item() * len(xb) for xb, yb in valid_dl) / 400
    print(f"Epoch {epoch + 1:02d}  train {total / 1600:.5f}  valid {vloss:.5f}")
print("valid rmse", vloss ** 0.5)
