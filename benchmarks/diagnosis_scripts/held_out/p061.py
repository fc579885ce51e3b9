import math

import torch
from torch import nn

torch.manual_seed(30)


class MDN(nn.Module):
    """Predicts mean and log-variance of the next load."""

    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.mu = nn.Linear(hidden, 1)
        self.logvar = nn.Linear(hidden, 1)

    def forward(self, x):
        h = self.gru(x)[0][:, -1]
        return self.mu(h), self.logvar(h).clamp(-4, 4)


def objective(mu, logvar, y):
    log_prob = -0.5 * (math.log(2 * math.pi) + logvar + (y - mu) ** 2 / logvar.exp())
    return log_prob.mean()


t = torch.arange(1000).float()
load = torch.sin(t / 8) + 0.4 * torch.sin(t / 3) + 0.1 * torch.randn(1000)
w = load.unfold(0, 25, 1)
x, y = w[:, :24, None], w[:, 24:]
model = MDN()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for epoch in range(20):
    for idx in torch.randperm(750).split(32):
        loss = objective(*model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
    with torch.no_grad():
        rmse = ((model(x[750:])[0] - y[750:]) ** 2).mean().sqrt().item()
    print(f"epoch {epoch:2d} loss {loss.item():.3f} rmse {rmse:.4f}")
