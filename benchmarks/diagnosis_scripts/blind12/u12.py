# Air quality forecasting, one hour ahead, LSTM.
import numpy as np
import torch
import torch.nn as nn

np.random.seed(5)
torch.manual_seed(5)

hours = np.arange(1500)
no2 = 40 + 15 * np.sin(2 * np.pi * hours / 24) + 5 * np.sin(2 * np.pi * hours / 168) + np.random.randn(1500) * 2
temp = 12 + 6 * np.sin(2 * np.pi * (hours - 6) / 24) + np.random.randn(1500)
log = np.stack([no2, temp], axis=1)
rows = np.random.choice(1500, 20, replace=False)
log[rows, 1] = np.nan

series = log
mean, std = np.nanmean(series, axis=0), np.nanstd(series, axis=0)
series = (series - mean) / std

LOOKBACK = 24
X, Y = [], []
for i in range(len(series) - LOOKBACK):
    X.append(series[i:i + LOOKBACK])
    Y.append(series[i + LOOKBACK, 0])
X = torch.tensor(np.array(X), dtype=torch.float32)
Y = torch.tensor(np.array(Y), dtype=torch.float32)
split = 1100
x_train, y_train, x_val, y_val = X[:split], Y[:split], X[split:], Y[split:]


class Forecaster(nn.Module):
    def __init__(self):
        super(Forecaster, self).__init__()
        self.lstm = nn.LSTM(input_size=2, hidden_size=24, batch_first=True)
        self.linear = nn.Linear(24, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.linear(out[:, -1, :])[:, 0]


model = Forecaster()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
best = float("inf")

for epoch in range(10):
    model.train()
    perm = np.random.permutation(split)
    train_losses = []
    for start in range(0, split, 50):
        batch = perm[start:start + 50]
        optimizer.zero_grad()
        loss = criterion(model(x_train[batch]), y_train[batch])
        loss.backward()
        optimizer.step()
        train_losses.append(loss.item())
    model.eval()
    with torch.no_grad():
        val = criterion(model(x_val), y_val).item()
    best = min(best, val)
    print(f"Epoch {epoch + 1}/10 - loss: {np.mean(train_losses):.4f} - val_loss: {val:.4f}")
