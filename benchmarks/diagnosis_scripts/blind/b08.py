import numpy as np
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

rng = np.random.default_rng(8)
t = np.arange(1600)
load = np.sin(2 * np.pi * t / 24) + 0.5 * np.sin(2 * np.pi * t / 168 + 1) + 0.1 * rng.standard_normal(len(t))
load = (load - load.mean()) / load.std()

WINDOW = 24


def windows(series):
    xs = np.stack([series[i : i + WINDOW] for i in range(len(series) - WINDOW)])
    ys = series[WINDOW:]
    return torch.tensor(xs, dtype=torch.float32).unsqueeze(-1), torch.tensor(ys, dtype=torch.float32)


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.fc(h[-1])


class Trainer:
    def __init__(self, model, lr):
        self.model = model
        self.opt = torch.optim.Adam(model.parameters(), lr=lr)

    def squared_error(self, prediction, target):
        return ((prediction - target) ** 2).mean()

    def fit(self, loader, epochs):
        for epoch in range(epochs):
            total = 0
            for xb, yb in loader:
                self.opt.zero_grad()
                loss = self.squared_error(self.model(xb), yb)
                loss.backward()
                self.opt.step()
                total += loss.item()
            print("epoch", epoch, "train mse", round(total / len(loader), 4))

    @torch.no_grad()
    def r2(self, x, y):
        p = self.model(x).numpy().ravel()
        y = y.numpy()
        return 1 - ((p - y) ** 2).sum() / ((y - y.mean()) ** 2).sum()


torch.manual_seed(0)
x_train, y_train = windows(load[:1200])
x_test, y_test = windows(load[1200:])
trainer = Trainer(Forecaster(), lr=5e-3)
trainer.fit(DataLoader(TensorDataset(x_train, y_train), batch_size=32, shuffle=True), epochs=15)
print("R2 on the last weeks:", trainer.r2(x_test, y_test))
