"""Regression of a smooth surface with a small network."""

import torch
from torch import nn

SEED = 0
FEATURES = 6
WIDTH = 48
DEPTH = 2
OPTIMIZER = "Adam"
RATE = 2e-3
BATCH = 32
EPOCHS = 40
MEAN = 0.0
SPREAD = 1.0
NOISE = 0.2

torch.manual_seed(SEED)
direction = nn.functional.normalize(torch.randn(FEATURES), dim=0)


def records(n):
    x = torch.randn(n, FEATURES)
    y = torch.sin(1.5 * x @ direction) + 0.5 * x[:, 0] + NOISE * torch.randn(n)
    return x, (MEAN + SPREAD * y).unsqueeze(1)


layers, width = [], FEATURES
for _ in range(DEPTH):
    layers += [nn.Linear(width, WIDTH), nn.ReLU()]
    width = WIDTH
model = nn.Sequential(*layers, nn.Linear(width, 1))
x, y = records(1500)
x_new, y_new = records(500)
optimizer = getattr(torch.optim, OPTIMIZER)(model.parameters(), lr=RATE)
criterion = nn.MSELoss()
for epoch in range(EPOCHS):
    for i in torch.randperm(len(x)).split(BATCH):
        optimizer.zero_grad()
        loss = criterion(model(x[i]), y[i])
        loss.backward()
        optimizer.step()
    if epoch % 5 == 0:
        print(epoch, loss.item())
with torch.no_grad():
    print("r2", 1 - criterion(model(x_new), y_new).item() / y_new.var().item())
