"""Valve position from a vibration stream. Eight machines are read side by side, in order;
the state is handed from chunk to chunk (truncated BPTT) because a valve can stay put for long."""
import torch
from torch import nn

torch.manual_seed(17)
MACHINES, HOURS, CHUNK = 8, 2400, 20


def stream(length):
    state = torch.zeros(MACHINES, dtype=torch.long)
    xs, ys = [], []
    for _ in range(length):
        opens = torch.rand(MACHINES) < 0.02
        closes = torch.rand(MACHINES) < 0.02
        state = torch.where(opens, 1, torch.where(closes, 0, state))
        x = torch.stack([opens.float(), (closes & ~opens).float()], -1) + 0.15 * torch.randn(MACHINES, 2)
        xs.append(x)
        ys.append(state.clone())
    return torch.stack(xs), torch.stack(ys)


train_x, train_y = stream(HOURS)
test_x, test_y = stream(600)


class Valve(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 20)
        self.out = nn.Linear(20, 2)

    def forward(self, x, state):
        h, state = self.lstm(x, state)
        return self.out(h), state


def chunks(x, y):
    for i in range(0, len(x) - CHUNK + 1, CHUNK):
        yield x[i : i + CHUNK], y[i : i + CHUNK]


model = Valve()
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
lossf = nn.CrossEntropyLoss()
for epoch in range(12):
    state, total, n = None, 0.0, 0
    for x, y in chunks(train_x, train_y):
        if state is not None:
            state = tuple(s.detach() for s in state)
        logits, state = model(x, state)
        loss = lossf(logits.reshape(-1, 2), y.reshape(-1))
        opt.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total, n = total + loss.item(), n + 1
    with torch.no_grad():
        state, ok = None, 0
        for x, y in chunks(test_x, test_y):
            logits, state = model(x, state)
            ok += (logits.argmax(-1) == y).sum().item()
    print(f"epoch {epoch:2d} loss {total / n:.4f} test accuracy {ok / test_y.numel():.4f}")
