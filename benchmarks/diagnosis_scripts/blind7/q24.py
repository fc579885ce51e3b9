# Rainfall -> river level (one step ahead). Rain is skewed so the logarithm is taken, gauges are merged by hour.
import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(12)
torch.manual_seed(12)

n = 3000
storm = rng.random(n) < 0.04
rain = np.zeros(n)
for i in np.flatnonzero(storm):
    length = rng.integers(3, 12)
    rain[i : i + length] += rng.gamma(2.0, 2.0)
level = np.zeros(n)
soil = 0.0
for i in range(1, n):
    soil = 0.97 * soil + 0.03 * rain[i - 1]
    level[i] = 0.9 * level[i - 1] + 0.1 * rain[i - 1] * (0.3 + soil) + 0.01 * rng.standard_normal()

log_rain = np.log(rain)
features = np.stack([log_rain, level], 1)
features[:, 1] = (features[:, 1] - level.mean()) / level.std()
target = (level - level.mean()) / level.std()

W = 16
X = torch.tensor(np.stack([features[i - W : i] for i in range(W, n)]), dtype=torch.float32)
Y = torch.tensor(target[W:], dtype=torch.float32)
cut = 2400


class River(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(2, 24, batch_first=True)
        self.lin = nn.Linear(24, 1)

    def forward(self, x):
        return self.lin(self.rnn(x)[0][:, -1]).squeeze(-1)


model = River()
optimiser = torch.optim.Adam(model.parameters(), lr=5e-3)
for epoch in range(10):
    total = 0.0
    for b in torch.randperm(cut).split(48):
        loss = nn.functional.mse_loss(model(X[b]), Y[b])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item() * len(b)
    with torch.no_grad():
        test = nn.functional.mse_loss(model(X[cut:]), Y[cut:]).item()
    print(f"epoch {epoch} train mse {total / cut:.5f} test mse {test:.5f}")
with torch.no_grad():
    nse = 1 - (nn.functional.mse_loss(model(X[cut:]), Y[cut:]) / Y[cut:].var()).item()
print("Nash-Sutcliffe efficiency %.4f" % nse)
