import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(150)
IDENTITIES, DIM = 20, 30
faces = torch.randn(IDENTITIES + 10, DIM)
nuisance = torch.randn(5, DIM) * 1.5


def shots(ids):
    return faces[ids] + torch.randn(len(ids), 5) @ nuisance + 0.3 * torch.randn(len(ids), DIM)


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(DIM, 64), nn.ReLU(), nn.Linear(64, 16))

    def forward(self, x):
        return F.normalize(self.net(x), dim=1)


def nt_xent(a, b, temperature=0.2):
    logits = a @ b.t() / temperature
    target = torch.arange(len(a))
    return (F.cross_entropy(logits, target) + F.cross_entropy(logits.t(), target)) / 2


def retrieval(model, lo, hi):
    ids = torch.arange(lo, hi)
    with torch.no_grad():
        gallery, probes = model(shots(ids)), model(shots(ids.repeat(50)))
        return (ids[(probes @ gallery.t()).argmax(1)] == ids.repeat(50)).float().mean().item()


model = Embedder()
optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
print("before", retrieval(model, 0, IDENTITIES))
for step in range(1, 1201):
    ids = torch.randperm(IDENTITIES)[:16]
    loss = nt_xent(model(shots(ids)), model(shots(ids)))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if step % 200 == 0:
        print(step, f"loss {loss.item():.3f}")
print("new shots of known people", retrieval(model, 0, IDENTITIES))
