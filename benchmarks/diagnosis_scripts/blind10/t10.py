# Stateful GRU: parallel streams of one long series are read in order, the state goes on from
# window to window, and is cut from the graph in between.
import torch
import torch.nn as nn

torch.manual_seed(77)

STREAMS, TOTAL, WINDOW = 16, 1600, 25


def make_streams():
    """x is a random pulse train, y the leaky sum of the pulses (memory of about 30 steps)."""
    x = (torch.rand(STREAMS, TOTAL) < 0.1).float() * torch.randn(STREAMS, TOTAL)
    y = torch.zeros(STREAMS, TOTAL)
    level = torch.zeros(STREAMS)
    for t in range(TOTAL):
        level = 0.97 * level + x[:, t]
        y[:, t] = level
    return x.unsqueeze(-1), (y / y.std()).unsqueeze(-1)


class Tracker(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.gru = nn.GRU(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x, h):
        o, h = self.gru(x, h)
        return self.fc(o), h


def epoch_pass(model, x, y, opt=None):
    h, total = None, 0.0
    steps = TOTAL // WINDOW
    for k in range(steps):
        xs, ys = x[:, k * WINDOW:(k + 1) * WINDOW], y[:, k * WINDOW:(k + 1) * WINDOW]
        out, h = model(xs, h)
        loss = nn.functional.mse_loss(out, ys)
        if opt is not None:
            opt.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
        h = h.detach()
        total += loss.item()
    return total / steps


x, y = make_streams()
xv, yv = make_streams()
model = Tracker()
opt = torch.optim.RMSprop(model.parameters(), lr=2e-3)
for ep in range(8):
    model.train()
    tr = epoch_pass(model, x, y, opt)
    model.eval()
    with torch.no_grad():
        va = epoch_pass(model, xv, yv)
    print("epoch %d  train mse %.4f  valid mse %.4f" % (ep, tr, va))
