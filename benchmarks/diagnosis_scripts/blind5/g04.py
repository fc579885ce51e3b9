# MF recommender: sparse embedding tables with SparseAdam, a dense bias/MLP part with Adam.
import torch
from torch import nn
from torch.nn import functional as F

g = torch.Generator().manual_seed(42)
torch.manual_seed(42)

N_USERS, N_ITEMS, K = 300, 180, 4
true_u = torch.randn(N_USERS, K, generator=g)
true_i = torch.randn(N_ITEMS, K, generator=g)
bias_i = 0.5 * torch.randn(N_ITEMS, generator=g)

users = torch.randint(0, N_USERS, (24000,), generator=g)
items = torch.randint(0, N_ITEMS, (24000,), generator=g)
score = (true_u[users] * true_i[items]).sum(1) * 0.5 + bias_i[items]
stars = (3 + score + 0.3 * torch.randn(24000, generator=g)).clamp(1, 5)
split = 21000


class Recommender(nn.Module):
    def __init__(self, dim=12):
        super().__init__()
        self.u = nn.Embedding(N_USERS, dim, sparse=True)
        self.i = nn.Embedding(N_ITEMS, dim, sparse=True)
        nn.init.normal_(self.u.weight, std=0.1)
        nn.init.normal_(self.i.weight, std=0.1)
        self.mu = nn.Parameter(torch.tensor(3.0))
        self.mlp = nn.Sequential(nn.Linear(2 * dim, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, u, i):
        eu, ei = self.u(u), self.i(i)
        return self.mu + (eu * ei).sum(1) + self.mlp(torch.cat([eu, ei], 1)).squeeze(1)


model = Recommender()
tables = [model.u.weight, model.i.weight]
dense = [p for n, p in model.named_parameters() if not n.startswith(("u.", "i."))]
opt_sparse = torch.optim.SparseAdam(tables, lr=0.01)
opt_dense = torch.optim.Adam(dense, lr=0.002, weight_decay=1e-5)


def rmse(lo, hi):
    with torch.no_grad():
        return F.mse_loss(model(users[lo:hi], items[lo:hi]), stars[lo:hi]).sqrt().item()


print(f"constant predictor RMSE {stars[split:].std().item():.3f}")
for epoch in range(12):
    order = torch.randperm(split)
    for start in range(0, split, 256):
        b = order[start:start + 256]
        loss = F.mse_loss(model(users[b], items[b]), stars[b])
        opt_sparse.zero_grad()
        opt_dense.zero_grad()
        loss.backward()
        opt_sparse.step()
        opt_dense.step()
    print(f"epoch {epoch}: train {rmse(0, split):.3f}  test {rmse(split, 24000):.3f}")
print("test RMSE", round(rmse(split, 24000), 4))
