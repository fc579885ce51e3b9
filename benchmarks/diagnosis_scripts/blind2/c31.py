import numpy as np
import torch
import torch.nn as nn

np.random.seed(1)
torch.manual_seed(1)

t = np.arange(0, 900)
series = np.sin(2 * np.pi * t / 36) + 0.4 * np.sin(2 * np.pi * t / 11) + 0.05 * np.random.randn(900)
window = 24
X = np.stack([series[i:i + window] for i in range(900 - window)])
Y = series[window:]
X = torch.tensor(X, dtype=torch.float32).unsqueeze(-1)
Y = torch.tensor(Y, dtype=torch.float32).unsqueeze(-1)
X_tr, Y_tr, X_te, Y_te = X[:650], Y[:650], X[650:], Y[650:]


class Forecaster(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.fc(y[:, -1])


class ForecastLoss(nn.Module):
    def forward(self, output, target):
        error = output - target
        return torch.mean(error)


model = Forecaster()
criterion = ForecastLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(20):
    for i in torch.randperm(650).split(25):
        optimizer.zero_grad()
        loss = criterion(model(X_tr[i]), Y_tr[i])
        loss.backward()
        optimizer.step()
    print("epoch", epoch, "loss", loss.item())

with torch.no_grad():
    pred = model(X_te)
print("r2", (1 - ((pred - Y_te) ** 2).mean() / Y_te.var()).item())
