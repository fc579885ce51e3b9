"""Machine failures are rare (about 3 %): weighted sampling, balanced accuracy as the figure to watch."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset, WeightedRandomSampler

torch.manual_seed(90)


def machines(n):
    fail = (torch.rand(n) < 0.03).long()
    x = torch.randn(n, 10)
    x[:, 0] += 2.2 * fail
    x[:, 1] -= 1.6 * fail
    x[:, 2] *= 1 + 1.5 * fail
    return x, fail


class FailureNet(nn.Module):
    def __init__(self, d_in=10, d_hidden=32):
        super().__init__()
        self.block = nn.Sequential(
            nn.Linear(d_in, d_hidden), nn.BatchNorm1d(d_hidden), nn.ReLU(), nn.Dropout(0.2),
            nn.Linear(d_hidden, d_hidden), nn.BatchNorm1d(d_hidden), nn.ReLU(), nn.Dropout(0.2),
        )
        self.head = nn.Linear(d_hidden, 2)

    def forward(self, x):
        return self.head(self.block(x))


def main():
    x, y = machines(5000)
    xv, yv = machines(3000)
    counts = torch.bincount(y).float()
    weights = (1.0 / counts)[y]
    sampler = WeightedRandomSampler(weights, num_samples=len(y), replacement=True)
    loader = DataLoader(TensorDataset(x, y), batch_size=64, sampler=sampler)
    net = FailureNet()
    opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9, weight_decay=5e-4)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=8)
    ce = nn.CrossEntropyLoss()
    for epoch in range(8):
        net.train()
        for xb, yb in loader:
            opt.zero_grad()
            loss = ce(net(xb), yb)
            loss.backward()
            opt.step()
        sched.step()
        net.eval()
        with torch.no_grad():
            p = net(xv).argmax(1)
        tpr = (p[yv == 1] == 1).float().mean().item()
        tnr = (p[yv == 0] == 0).float().mean().item()
        print(f"epoch {epoch} last loss {loss.item():.3f} tpr {tpr:.3f} tnr {tnr:.3f} balanced {0.5 * (tpr + tnr):.4f}")


main()
