# Joint model: per-step phase tagging + whole-sequence outcome, losses weighted by learned log-variances.
import torch
import torch.nn as nn

torch.manual_seed(58)
T, PHASES = 24, 3


def surgery(n):
    """Tool-usage signals of three phases in order; the outcome depends on how long the middle phase took."""
    a = torch.randint(4, 9, (n, 1))
    b = a + torch.randint(4, 12, (n, 1))
    t = torch.arange(T).expand(n, T)
    phase = (t >= a).long() + (t >= b).long()
    signal = nn.functional.one_hot(phase, PHASES).float() + 0.5 * torch.randn(n, T, PHASES)
    outcome = ((b - a).squeeze(1) > 7).float()
    return signal, phase, outcome


class Joint(nn.Module):
    def __init__(self, h=24):
        super().__init__()
        self.rnn = nn.LSTM(PHASES, h, batch_first=True, bidirectional=True)
        self.tag = nn.Linear(2 * h, PHASES)
        self.outcome = nn.Sequential(nn.Linear(2 * h, 16), nn.ELU(), nn.Linear(16, 1))
        self.log_var = nn.Parameter(torch.zeros(2))

    def forward(self, x):
        h, _ = self.rnn(x)
        return self.tag(h), self.outcome(h.mean(1)).squeeze(1)


def losses(model, x, phase, outcome):
    tags, o = model(x)
    l1 = nn.functional.cross_entropy(tags.transpose(1, 2), phase)
    l2 = nn.functional.binary_cross_entropy_with_logits(o, outcome)
    pieces = torch.stack([l1, l2])
    return (torch.exp(-model.log_var) * pieces + model.log_var).sum(), l1, l2, tags, o


model = Joint()
optimizer = torch.optim.Adam([
    {"params": [p for n, p in model.named_parameters() if n != "log_var"], "lr": 6e-3},
    {"params": [model.log_var], "lr": 2e-2},
])
x, phase, outcome = surgery(800)
xv, pv, ov = surgery(300)
for epoch in range(12):
    for i in torch.randperm(800).split(40):
        total, *_ = losses(model, x[i], phase[i], outcome[i])
        optimizer.zero_grad()
        total.backward()
        optimizer.step()
    with torch.no_grad():
        total, l1, l2, tags, o = losses(model, xv, pv, ov)
        tag_acc = (tags.argmax(-1) == pv).float().mean().item()
        out_acc = ((o > 0).float() == ov).float().mean().item()
    print(f"epoch {epoch:2d} total {total:.3f} ({l1:.3f}, {l2:.3f}) phases {tag_acc:.3f} outcome {out_acc:.3f}")
