"""Multi-step-ahead temperature anomaly forecast with a two-layer LSTM."""
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F


class Forecaster(nn.Module):
    def __init__(self, features=1, hidden=32, horizon=3):
        super().__init__()
        self.encoder = nn.LSTM(features, hidden, num_layers=2, batch_first=True)
        self.fc1 = nn.Linear(hidden, 24)
        self.fc2 = nn.Linear(24, horizon)

    def forward(self, x):
        seq, _ = self.encoder(x)
        z = F.relu(self.fc1(seq[:, -1]))
        return F.relu(self.fc2(z))


def anomalies(n, seed):
    g = np.random.default_rng(seed)
    t = np.arange(n)
    s = np.sin(2 * np.pi * t / 40) + 0.5 * np.sin(2 * np.pi * t / 17 + 1) + 0.1 * g.normal(size=n)
    return (s - s.mean()) / s.std()


def frames(s, back=30, ahead=3):
    n = len(s) - back - ahead + 1
    x = np.stack([s[i:i + back] for i in range(n)])[..., None]
    y = np.stack([s[i + back:i + back + ahead] for i in range(n)])
    return torch.FloatTensor(x), torch.FloatTensor(y)


def score(model, x, y):
    model.eval()
    with torch.no_grad():
        p = model(x)
    return (1 - ((y - p) ** 2).mean() / y.var()).item()


def main():
    torch.manual_seed(14)
    x, y = frames(anomalies(1000, seed=14))
    xv, yv = frames(anomalies(300, seed=15))
    model = Forecaster()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    loss_fn = nn.MSELoss()
    for epoch in range(12):
        model.train()
        for idx in torch.randperm(len(x)).split(40):
            opt.zero_grad()
            loss = loss_fn(model(x[idx]), y[idx])
            loss.backward()
            opt.step()
        print(f"epoch {epoch}: last batch mse {loss.item():.4f}, validation R2 {score(model, xv, yv):.4f}")


main()
