"""Expected read counts per gene window from k-mer content (count regression, rates by softplus)."""
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(5)

BASES, LENGTH, N = 4, 60, 2400
MOTIF = torch.tensor([2, 0, 3, 1])


def windows(n):
    seq = torch.randint(0, BASES, (n, LENGTH))
    copies = torch.randint(0, 4, (n,))
    for i in range(n):
        for start in torch.randperm(LENGTH // 4)[: int(copies[i])] * 4:
            seq[i, start : start + 4] = MOTIF
    hits = (seq.unfold(1, 4, 1) == MOTIF).all(-1).sum(1).float()
    rate = 1.5 + 4.0 * hits
    return seq, torch.poisson(rate), rate


seq, counts, rate = windows(N)
train, test = slice(0, 2000), slice(2000, N)


class MotifNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(BASES, 24, 5, padding=2)
        self.mix = nn.Conv1d(24, 12, 1)
        self.head = nn.Linear(12, 1)

    def forward(self, s):
        x = F.one_hot(s, BASES).float().transpose(1, 2)
        x = F.relu(self.mix(F.relu(self.conv(x))))
        return F.softplus(self.head(x.sum(-1) / 8)).squeeze(1)


net = MotifNet()
criterion = nn.PoissonNLLLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)

for epoch in range(12):
    perm = torch.randperm(2000)
    running = 0.0
    for idx in perm.split(40):
        optimizer.zero_grad()
        loss = criterion(net(seq[train][idx]), counts[train][idx])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(idx)
    with torch.no_grad():
        mae = (net(seq[test]) - rate[test]).abs().mean().item()
    print(f"epoch {epoch:2d}  nll {running / 2000:.4f}  mean abs error of the rate {mae:.3f}")

with torch.no_grad():
    predicted = net(seq[test])
print("mean predicted %.2f, mean observed %.2f" % (predicted.mean(), counts[test].mean()))
print("RMSE against the true rate: %.4f" % ((predicted - rate[test]) ** 2).mean().sqrt())
