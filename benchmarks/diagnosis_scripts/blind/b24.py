import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(100)
N, HOURS = 1500, 12
# pressure in hPa and temperature in kelvin, hour by hour; rain tomorrow if the pressure fell
start = rng.normal(1013, 6, size=(N, 1))
trend = rng.normal(0, 0.6, size=(N, 1))
pressure = start + trend * np.arange(HOURS) + rng.normal(0, 0.4, size=(N, HOURS))
kelvin = 285 + rng.normal(0, 4, size=(N, 1)) + rng.normal(0, 0.5, size=(N, HOURS))
rain = (trend[:, 0] < 0).astype(np.float32)
X = np.stack([pressure, kelvin], axis=2).astype(np.float32)

torch.manual_seed(100)
train = TensorDataset(torch.from_numpy(X[:1200]), torch.from_numpy(rain[:1200]))
x_test, y_test = torch.from_numpy(X[1200:]), torch.from_numpy(rain[1200:])


class Rain(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 24, batch_first=True)
        self.head = nn.Sequential(nn.Linear(24, 12), nn.ReLU(), nn.Linear(12, 1))

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out[:, -1]).flatten()


model = Rain()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss()
for epoch in range(20):
    for x, y in DataLoader(train, batch_size=32, shuffle=True):
        optimizer.zero_grad()
        criterion(model(x), y).backward()
        optimizer.step()
    with torch.no_grad():
        logits = model(x_test)
        print(f"epoch {epoch:2d}  loss {criterion(logits, y_test):.3f}  accuracy {((logits > 0) == y_test.bool()).float().mean():.3f}")
