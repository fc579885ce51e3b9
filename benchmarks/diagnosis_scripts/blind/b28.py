import torch
import torch.nn as nn
import torch.nn.functional as F


class Steep(nn.Module):
    """A layer of units with adjustable steepness."""

    def __init__(self, n_in, n_out, steepness):
        super().__init__()
        self.linear = nn.Linear(n_in, n_out)
        self.steepness = steepness

    def forward(self, x):
        return torch.sigmoid(self.steepness * self.linear(x))


torch.manual_seed(36)
x = torch.randn(1500, 8)
y = (torch.sin(2 * x[:, 0]) + x[:, 1] * x[:, 2] + 0.5 * x[:, 3]).unsqueeze(1)
y = (y - y.mean()) / y.std()
STEEPNESS = 100.0
net = nn.Sequential(Steep(8, 48, STEEPNESS), Steep(48, 48, STEEPNESS), nn.Linear(48, 1))
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(40):
    for rows in torch.randperm(1200).split(40):
        opt.zero_grad()
        F.mse_loss(net(x[rows]), y[rows]).backward()
        opt.step()
    if epoch % 5 == 4:
        with torch.no_grad():
            print(f"epoch {epoch + 1} train {F.mse_loss(net(x[:1200]), y[:1200]):.4f} validation {F.mse_loss(net(x[1200:]), y[1200:]):.4f}")
