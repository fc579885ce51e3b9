"""Truncated back-propagation through one long recording."""
import torch
from torch import nn

torch.manual_seed(120)


def recording(n):
    u = (torch.rand(n) < 0.1).float() * torch.randn(n).sign()
    y, level, slow = torch.zeros(n), 0.0, 0.0
    for k in range(n):
        slow = 0.95 * slow + 0.3 * float(u[k])
        level = 0.8 * level + 0.4 * slow
        y[k] = level
    return u.view(-1, 1, 1), y.view(-1, 1, 1)


u, y = recording(5000)
scale = y.std()
y = y / scale
model = nn.GRU(1, 24)
readout = nn.Linear(24, 1)
opt = torch.optim.Adam([*model.parameters(), *readout.parameters()], lr=5e-3)
CHUNK, TRAIN = 40, 4000
for epoch in range(8):
    state, total = None, 0.0
    for i in range(0, TRAIN, CHUNK):
        out, state = model(u[i:i + CHUNK], state)
        loss = nn.functional.mse_loss(readout(out), y[i:i + CHUNK])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_([*model.parameters(), *readout.parameters()], 1.0)
        opt.step()
        state = state.detach()
        total += loss.item()
    print(f"epoch {epoch}: {total / (TRAIN / CHUNK):.4f}")
with torch.no_grad():
    out, _ = model(u[TRAIN:], state)
    err = nn.functional.mse_loss(readout(out), y[TRAIN:])
print("R2 on the rest of the recording:", 1 - (err / y[TRAIN:].var()).item())
