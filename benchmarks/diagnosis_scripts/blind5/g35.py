"""Stateful LSTM on sixteen parallel tanks: the level now depends on flow far back, so state is kept along the record.

bfloat16 autocast, truncated back-propagation over 25 steps.
"""
import torch
from torch import nn

torch.manual_seed(83)

TANKS, LENGTH, CHUNK = 16, 800, 25


def plant(length):
    inflow = (torch.rand(length, TANKS) < 0.15).float() * torch.rand(length, TANKS) * 2
    level = torch.zeros(TANKS)
    out = []
    for t in range(length):
        level = 0.94 * level + 0.2 * inflow[t]
        out.append(level)
    return inflow.unsqueeze(-1), torch.stack(out).unsqueeze(-1) + 0.01 * torch.randn(length, TANKS, 1)


class Observer(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 24)
        self.lin = nn.Linear(24, 1)

    def forward(self, u, state=None):
        h, state = self.lstm(u, state)
        return self.lin(h), state


u, level = plant(LENGTH)
mu, sd = level.mean(), level.std()
level = (level - mu) / sd
model = Observer()
opt = torch.optim.NAdam(model.parameters(), lr=0.015)
for epoch in range(25):
    state, total = None, 0.0
    for start in range(0, LENGTH, CHUNK):
        if state is not None:
            state = tuple(s.detach() for s in state)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            guess, state = model(u[start:start + CHUNK], state)
        loss = nn.functional.mse_loss(guess.float(), level[start:start + CHUNK])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_value_(model.parameters(), 0.5)
        opt.step()
        total += loss.item()
    if epoch % 4 == 0:
        print(f"epoch {epoch:2d} mse {total * CHUNK / LENGTH:.4f}")

ut, lt = plant(300)
with torch.no_grad():
    est, _ = model(ut)
resid = ((est - (lt - mu) / sd)[50:] ** 2).mean() / ((lt - mu) / sd)[50:].var()
print(f"explained variance on a new record {1 - resid.item():.4f}")
