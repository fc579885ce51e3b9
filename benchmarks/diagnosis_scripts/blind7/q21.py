"""Sign-momentum optimizer of my own (Lion-like) against the shelf life data set, LSTM with a static side input."""
import torch
from torch import nn
from torch.optim.optimizer import Optimizer

torch.manual_seed(19)


class SignMomentum(Optimizer):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.98), weight_decay=0.0):
        super().__init__(params, dict(lr=lr, betas=betas, weight_decay=weight_decay))

    @torch.no_grad()
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        for group in self.param_groups:
            b1, b2 = group["betas"]
            for p in group["params"]:
                if p.grad is None:
                    continue
                state = self.state[p]
                if not state:
                    state["m"] = torch.zeros_like(p)
                m = state["m"]
                update = (b1 * m + (1 - b1) * p.grad).sign()
                p.mul_(1 - group["lr"] * group["weight_decay"]).add_(update, alpha=-group["lr"])
                m.mul_(b2).add_(p.grad, alpha=1 - b2)
        return loss


def crates(n, days=14):
    temp = 6 + 3 * torch.randn(n, 1) + torch.randn(n, days).cumsum(1) * 0.7
    humid = 0.7 + 0.1 * torch.randn(n, days)
    fruit = torch.randint(0, 3, (n,))
    speed = torch.tensor([1.0, 1.5, 0.7])[fruit]
    spoil = (torch.exp(0.12 * (temp - 6)) * (1 + (humid - 0.7))).mean(1) * speed
    life = 20 / (0.5 + spoil) + 0.3 * torch.randn(n)
    series = torch.stack([(temp - 6) / 4, (humid - 0.7) / 0.1], -1)
    return series, fruit, (life - 13) / 4


class ShelfLife(nn.Module):
    def __init__(self):
        super().__init__()
        self.kind = nn.Embedding(3, 4)
        self.lstm = nn.LSTM(6, 32, batch_first=True)
        self.head = nn.Sequential(nn.Linear(32, 16), nn.SiLU(), nn.Linear(16, 1))

    def forward(self, series, fruit):
        side = self.kind(fruit)[:, None].expand(-1, series.size(1), -1)
        h, _ = self.lstm(torch.cat([series, side], -1))
        return self.head(h.mean(1)).squeeze(-1)


train, test = crates(2000), crates(500)
model = ShelfLife()
opt = SignMomentum(model.parameters(), lr=7e-4, weight_decay=0.05)
plan = torch.optim.lr_scheduler.CosineAnnealingLR(opt, 15, eta_min=5e-5)
huber = nn.SmoothL1Loss()
for epoch in range(15):
    run = 0.0
    for b in torch.randperm(2000).split(40):
        opt.zero_grad()
        loss = huber(model(train[0][b], train[1][b]), train[2][b])
        loss.backward()
        opt.step()
        run += loss.item()
    plan.step()
    with torch.no_grad():
        rest = ((model(*test[:2]) - test[2]) ** 2).mean() / test[2].var()
    print(f"{epoch:02d} huber {run / 50:.4f} R2 {1 - rest.item():.4f}")
