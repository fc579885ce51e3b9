"""Shop demand: next day's change in footfall from the last two weeks' relative changes."""
import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(31)
rng = np.random.RandomState(31)


def footfall(days=420, shops=4):
    week = np.array([1.0, 0.9, 0.95, 1.0, 1.4, 1.9, 0.6])
    base = rng.uniform(60, 140, shops)
    visits = rng.poisson(base[:, None] * week[np.arange(days) % 7])
    closed = rng.rand(shops, days) < 0.004
    visits[closed] = 0
    return visits.astype(np.float64)


visits = footfall()
with np.errstate(all='ignore'):
    change = visits[:, 1:] / visits[:, :-1] - 1.0

seqs, nxt = [], []
for shop in change:
    for i in range(len(shop) - 14):
        seqs.append(shop[i:i + 14])
        nxt.append(shop[i + 14])
seqs = torch.tensor(np.array(seqs), dtype=torch.float32).unsqueeze(-1)
nxt = torch.tensor(np.array(nxt), dtype=torch.float32)
perm = torch.randperm(len(seqs))
tr, te = perm[:1200], perm[1200:]


class Demand(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, s):
        return self.fc(self.gru(s)[1][0])[:, 0]


model = Demand()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
loader = DataLoader(TensorDataset(seqs[tr], nxt[tr]), 30, shuffle=True)
for epoch in range(12):
    tot = 0.0
    for s, n in loader:
        opt.zero_grad()
        loss = nn.functional.smooth_l1_loss(model(s), n)
        loss.backward()
        opt.step()
        tot += loss.item() / len(loader)
    with torch.no_grad():
        pred = model(seqs[te])
    ss = ((pred - nxt[te]) ** 2).sum() / ((nxt[te] - nxt[te].mean()) ** 2).sum()
    print(f"epoch {epoch} loss {tot:.4f} test r2 {1 - ss.item():.3f}")
