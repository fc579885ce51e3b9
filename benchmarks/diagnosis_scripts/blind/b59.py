import torch
from torch import nn

torch.manual_seed(66)
HIDDEN = 1


class Gesture(nn.Module):
    """Names one of eight gestures from 16 samples of a two-axis accelerometer."""

    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, HIDDEN, batch_first=True)
        self.name = nn.Linear(HIDDEN, 8)

    def forward(self, x):
        return self.name(self.gru(x)[1].squeeze(0))


def record(n):
    label = torch.randint(8, (n,))
    t = torch.arange(16) / 16
    angle = (label % 4)[:, None] * 1.5708 + 0.15 * torch.randn(n, 1)
    push = torch.where((label < 4)[:, None], torch.sin(3.1416 * t), torch.sin(6.2832 * t))
    x = torch.stack([push * torch.cos(angle), push * torch.sin(angle)], 2)
    return x + 0.15 * torch.randn(n, 16, 2), label


x, y = record(1600)
xt, yt = record(400)
model = Gesture()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 20)
for epoch in range(20):
    total = 0.0
    for rows in torch.randperm(len(x)).split(32):
        loss = nn.functional.cross_entropy(model(x[rows]), y[rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item() * len(rows)
    schedule.step()
    with torch.no_grad():
        print(epoch, f"loss {total / len(x):.3f}", "accuracy", (model(xt).argmax(1) == yt).float().mean().item())
