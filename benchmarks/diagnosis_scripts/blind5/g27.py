# Rain tomorrow? Seven days of station records -> GRU -> wet/dry. Cleaned-up notebook.
import numpy as np
import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

rng = np.random.default_rng(314)
torch.manual_seed(314)

days = 2500
wet = np.zeros(days, dtype=bool)
pressure = np.zeros(days)
for d in range(1, days):
    pressure[d] = 0.8 * pressure[d - 1] + rng.normal(0, 4)
    wet[d] = rng.random() < 1 / (1 + np.exp(0.5 * pressure[d - 1] - 0.4 + (0.0 if wet[d - 1] else 1.2)))
rain = np.where(wet, rng.gamma(0.9, 6, days), 0.0).round(1)
humidity = np.clip(70 - 1.2 * pressure + rng.normal(0, 5, days), 10, 100)

# rain is very skewed: use its logarithm
log_rain = np.log(rain)
table = np.stack([pressure / 6, (humidity - 70) / 10, log_rain], axis=1)

window = 7
X = np.stack([table[d - window:d] for d in range(window, days)]).astype(np.float32)
y = wet[window:].astype(np.float32)
split = 1900
train_dl = DataLoader(TensorDataset(torch.tensor(X[:split]), torch.tensor(y[:split])), batch_size=50, shuffle=True)
X_val, y_val = torch.tensor(X[split:]), torch.tensor(y[split:])


class RainNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 16, batch_first=True)
        self.norm = nn.LayerNorm(16)
        self.lin = nn.Linear(16, 1)

    def forward(self, x):
        return self.lin(self.norm(self.gru(x)[1][-1])).squeeze(-1)


model = RainNet()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
loss_func = nn.BCEWithLogitsLoss()
for epoch in range(8):
    model.train()
    for xb, yb in train_dl:
        loss = loss_func(model(xb), yb)
        loss.backward()
        opt.step()
        opt.zero_grad()
    model.eval()
    with torch.no_grad():
        z = model(X_val)
        tpr = ((z > 0) & (y_val == 1)).sum() / (y_val == 1).sum()
        tnr = ((z <= 0) & (y_val == 0)).sum() / (y_val == 0).sum()
    print(f"{epoch} loss {loss_func(z, y_val).item():.3f} wet days found {tpr:.3f} dry days found {tnr:.3f}")
print(f"balanced accuracy {(0.5 * (tpr + tnr)).item():.3f}")
