"""Siamese signature check with a contrastive loss of our own."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(90)


class Pairs(Dataset):
    """Pen strokes (30 x 2) of 25 people; a pair is by the same person or not."""

    def __init__(self, n, people, seed):
        g = torch.Generator().manual_seed(seed)
        t = torch.linspace(0, 6.28, 30)
        a = torch.randint(0, len(people), (n,), generator=g)
        same = torch.rand(n, generator=g) < 0.5
        b = torch.where(same, a, (a + 1 + torch.randint(0, len(people) - 1, (n,), generator=g)) % len(people))
        self.same = same.float()
        self.a, self.b = (self.draw(people[i], t, g) for i in (a, b))

    @staticmethod
    def draw(style, t, g):
        f1, f2, p = style[:, 0:1], style[:, 1:2], style[:, 2:3]
        xy = torch.stack([torch.sin(f1 * t + p), torch.cos(f2 * t)], -1)
        return xy + 0.12 * torch.randn(xy.shape, generator=g)

    def __len__(self):
        return len(self.same)

    def __getitem__(self, i):
        return self.a[i], self.b[i], self.same[i]


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, 32, batch_first=True)
        self.proj = nn.Linear(32, 8)

    def forward(self, x):
        return self.proj(self.gru(x)[0].mean(1))


class ContrastiveLoss(nn.Module):
    def __init__(self, margin=1.0):
        super().__init__()
        self.margin = margin

    def forward(self, u, v, same):
        d = (u - v).norm(dim=1)
        return (same * d ** 2 + (1 - same) * (self.margin - d).clamp(min=0) ** 2).mean(), d


people = torch.stack([0.5 + 2.5 * torch.rand(25), 0.5 + 2.5 * torch.rand(25), 3 * torch.rand(25)], 1)
train = DataLoader(Pairs(1500, people, seed=1), batch_size=50, shuffle=True)
test = Pairs(400, people, seed=2)
net, criterion = Embedder(), ContrastiveLoss()
optimizer = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(12):
    net.train()
    for a, b, same in train:
        loss, _ = criterion(net(a), net(b), same)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    net.eval()
    with torch.no_grad():
        _, d = criterion(net(test.a), net(test.b), test.same)
        acc = ((d < 0.5).float() == test.same).float().mean().item()
    print(f"epoch {epoch + 1:2d} contrastive loss {loss.item():.4f} pair accuracy {acc:.3f}")
