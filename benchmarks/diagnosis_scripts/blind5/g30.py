"""Distil a 64-unit GRU teacher into a 16-unit student (how many threes, up to three, in a string of digits)."""
import copy

import torch
import torch.nn.functional as F
from torch import nn

torch.manual_seed(40)


class Reader(nn.Module):
    def __init__(self, units):
        super().__init__()
        self.emb = nn.Embedding(4, 8)
        self.gru = nn.GRU(8, units, batch_first=True)
        self.out = nn.Linear(units, 4)

    def forward(self, x):
        return self.out(self.gru(self.emb(x))[1][0])


def digits(n):
    x = torch.randint(0, 4, (n, 8))
    return x, (x == 3).sum(1).clamp(max=3)


def score(model):
    model.eval()
    with torch.no_grad():
        x, y = digits(1000)
        return (model(x).argmax(1) == y).float().mean().item()


def fit(model, steps, lr, teacher=None, tau=2.0):
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    for step in range(1, steps + 1):
        model.train()
        x, y = digits(64)
        logits = model(x)
        loss = F.cross_entropy(logits, y)
        if teacher is not None:
            with torch.no_grad():
                soft = F.softmax(teacher(x) / tau, dim=1)
            loss = 0.3 * loss + 0.7 * tau ** 2 * F.kl_div(F.log_softmax(logits / tau, 1), soft, reduction="batchmean")
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % (steps // 4) == 0:
            print(f"   step {step} loss {loss.item():.3f} accuracy {score(model):.3f}")


print("teacher")
teacher = Reader(64)
fit(teacher, 200, 0.01)
frozen = copy.deepcopy(teacher).eval()
for p in frozen.parameters():
    p.requires_grad_(False)
print("student")
student = Reader(16)
fit(student, 400, 0.01, teacher=frozen)
print(f"student accuracy {score(student):.3f}")
