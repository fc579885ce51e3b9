# hourly grid load -> next hour, LSTM baseline
import math
import numpy as np
import torch
from torch import nn

SEED = 21
torch.manual_seed(SEED)
np.random.seed(SEED)

hours = np.arange(24 * 70)
load = 41000 + 6500 * np.sin(2 * math.pi * hours / 24) + 2500 * np.sin(2 * math.pi * hours / 168)
load = load + np.random.normal(0, 500, len(hours))          # MW

LOOKBACK = 24
mean, std = load[:1300].mean(), load[:1300].std()
feats = (load - mean) / std


def windows(series, target):
    xs, ys = [], []
    for i in range(len(series) - LOOKBACK):
        xs.append(series[i:i + LOOKBACK])
        ys.append(target[i + LOOKBACK])
    return torch.tensor(np.array(xs), dtype=torch.float32).unsqueeze(-1), torch.tensor(ys, dtype=torch.float32).unsqueeze(-1)


y_all = load
X, Y = windows(feats, y_all)
split = 1300 - LOOKBACK
train_x, train_y, test_x, test_y = X[:split], Y[:split], X[split:], Y[split:]


class LoadForecaster(nn.Module):
    def __init__(self, hidden=40):
        super(LoadForecaster, self).__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=hidden, num_layers=1, batch_first=True)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.linear(out[:, -1, :])


model = LoadForecaster()
mse = nn.MSELoss()
optimiser = torch.optim.Adam(model.parameters(), lr=0.003)

for epoch in range(1, 21):
    model.train()
    order = torch.randperm(split)
    for start in range(0, split, 32):
        b = order[start:start + 32]
        pred = model(train_x[b])
        loss = mse(pred, train_y[b])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    if epoch % 5 == 0:
        model.eval()
        with torch.no_grad():
            p = model(test_x)
            r2 = 1 - ((p - test_y) ** 2).sum() / ((test_y - test_y.mean()) ** 2).sum()
        print(f"epoch {epoch} train loss {loss.item():.4g} test r2 {r2.item():.4f}")
