# Boiler efficiency from plant readings (tabular, PyTorch)
import numpy as np
import torch
from torch import nn

np.random.seed(0)
torch.manual_seed(0)

n = 1200
temperature = np.random.normal(880, 12, n)
pressure = np.random.normal(101325, 900, n)  
flow = np.random.normal(0.02, 0.004, n)  
year = np.random.randint(1998, 2024, n).astype(float)
z = (temperature - 880) / 12 + 0.8 * (pressure - 101325) / 900 - 1.2 * (flow - 0.02) / 0.004
good = ((z + 0.3 * np.sin(z * 2)) > 0).astype(np.float32)

features = np.stack([temperature, pressure, flow, year], 1).astype(np.float32)

x_train = torch.from_numpy(features[:900])
y_train = torch.from_numpy(good[:900]).unsqueeze(1)
x_test = torch.from_numpy(features[900:])
y_test = torch.from_numpy(good[900:]).unsqueeze(1)

model = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
criterion = nn.BCEWithLogitsLoss()

for epoch in range(80):
    order = torch.randperm(900)
    total = 0.0
    for i in range(0, 900, 30):
        idx = order[i:i + 30]
        optimizer.zero_grad()
        loss = criterion(model(x_train[idx]), y_train[idx])
        loss.backward()
        optimizer.step()
        total += loss.item()
    if epoch % 10 == 9:
        print("Epoch", epoch + 1, "loss", total / 30)

model.eval()
with torch.no_grad():
    acc = ((model(x_test) > 0).float() == y_test).float().mean()
print("Accuracy on held-out readings: {:.3f}".format(acc.item()))
