import random

import torch
import torch.nn as nn

random.seed(304)
torch.manual_seed(304)
K = 8
centres = torch.randn(K, 20)


def draw(k):
    return centres[k] + 0.6 * torch.randn(20)


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(nn.Linear(20, 32), nn.ReLU(), nn.Linear(32, 4))

    def forward(self, x):
        return nn.functional.normalize(self.net(x), dim=-1)


model = Embedder()
crit = nn.TripletMarginLoss(margin=0.5)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for it in range(500):
    pos = [random.randrange(K) for _ in range(32)]
    neg = [random.choice([j for j in range(K) if j != p]) for p in pos]
    a = torch.stack([draw(p) for p in pos])
    p_ = torch.stack([draw(p) for p in pos])
    n_ = torch.stack([draw(j) for j in neg])
    loss = crit(model(a), model(p_), model(n_))
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 100 == 99:
        print(it + 1, "triplet loss", loss.item())
with torch.no_grad():
    lab = torch.arange(K).repeat_interleave(10)
    e = model(torch.stack([draw(k) for k in lab]))
    d = torch.cdist(e, e) + 1e9 * torch.eye(len(e))
    print("retrieval", (lab[d.argmin(1)] == lab).float().mean().item())
