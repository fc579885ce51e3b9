import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(311)
counts = [1000, 120, 60]
c = torch.randn(3, 8) * 1.3
y = torch.cat([torch.full((n,), k) for k, n in enumerate(counts)])
x = c[y] + 0.8 * torch.randn(len(y), 8)
weights = 1.0 / torch.tensor(counts, dtype=torch.float)[y]
sampler = WeightedRandomSampler(weights, num_samples=len(y), replacement=True)
loader = DataLoader(TensorDataset(x, y), batch_size=32, sampler=sampler)
yt = torch.arange(3).repeat_interleave(100)
xt = c[yt] + 0.8 * torch.randn(300, 8)

net = nn.Sequential(nn.Linear(8, 32), nn.GELU(), nn.Linear(32, 3))
opt = torch.optim.SGD(net.parameters(), lr=0.1)
for ep in range(8):
    for xb, yb in loader:
        opt.zero_grad()
        nn.functional.cross_entropy(net(xb), yb).backward()
        opt.step()
    with torch.no_grad():
        print(ep, "bal acc", (net(xt).argmax(1) == yt).float().mean().item())
