"""Stateful LSTM on one long signal cut into consecutive chunks: the state is kept from chunk to chunk on purpose."""
import numpy as np
import torch
from torch import nn

torch.manual_seed(35)
rng = np.random.default_rng(35)

# rare presses of the up or the down button set the regime; the reading depends on the regime
STREAMS, LENGTH, CHUNK = 8, 1200, 15


def stream():
    press = rng.random(LENGTH) < 0.04
    up = rng.random(LENGTH) < 0.5
    last = np.maximum.accumulate(np.where(press, np.arange(LENGTH), 0))
    regime = up[last]
    press[0] = True
    dial = rng.uniform(-1, 1, LENGTH)
    reading = np.where(regime, dial, -dial) + 0.05 * rng.normal(size=LENGTH)
    return np.stack([np.where(press, np.where(up, 1.0, -1.0), 0.0), dial], 1), reading


pairs = [stream() for _ in range(STREAMS)]
x = torch.tensor(np.stack([p[0] for p in pairs]), dtype=torch.float32)
y = torch.tensor(np.stack([p[1] for p in pairs]), dtype=torch.float32)
cut = 960


class Machine(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 32, batch_first=True)
        self.head = nn.Sequential(nn.Linear(34, 32), nn.ReLU(), nn.Linear(32, 1))

    def forward(self, x, state):
        out, state = self.lstm(x, state)
        return self.head(torch.cat([out, x], -1)).squeeze(-1), state


model = Machine()
opt = torch.optim.Adam(model.parameters(), lr=8e-3)
for epoch in range(16):
    model.train()
    state = None
    for t in range(0, cut, CHUNK):
        pred, state = model(x[:, t:t + CHUNK], state)
        loss = nn.functional.mse_loss(pred, y[:, t:t + CHUNK])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        state = tuple(s.detach() for s in state)
    model.eval()
    with torch.no_grad():
        pred, _ = model(x[:, cut:], state)
        r2 = 1 - ((pred - y[:, cut:]) ** 2).mean() / y[:, cut:].var()
    print(f"epoch {epoch:2d} loss {loss.item():.4f} held-out r2 {r2.item():.4f}")
