import math

import torch
from torch import nn

torch.manual_seed(2)
t = torch.arange(0, 900) * 0.1
series = torch.sin(t) * 0.7 + 0.3 * torch.sin(t * 2.7 + 1) + 0.03 * torch.randn(900)
W = 24
windows = series.unfold(0, W + 1, 1)
x, y = windows[:, :W].unsqueeze(-1), windows[:, W:]
x_tr, y_tr, x_va, y_va = x[:700], y[:700], x[700:], y[700:]


class Forecaster(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.linear = nn.Linear(hidden, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.linear(out[:, -1])


model = Forecaster()
mse = nn.MSELoss()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)

for epoch in range(20):
    for idx in torch.randperm(len(x_tr)).split(32):
        loss = mse(model(x_tr[idx]), y_tr[idx])
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        rmse = math.sqrt(mse(model(x_va), y_va).item())
    print(f"{epoch:3d}  train {loss.item():.4f}  valid rmse {rmse:.4f}")
