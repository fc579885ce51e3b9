"""Spectrogram patches -> whale call type. bfloat16 autocast on the CPU, warm-up then cosine, small ResNet."""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(44)
KINDS = 4


def patches(n, size=16):
    y = torch.randint(0, KINDS, (n,))
    t = torch.linspace(0, 1, size)
    start = 3 + 8 * torch.rand(n, 1)
    slope = torch.tensor([5.0, -5.0, 0.0, 0.0])[y][:, None]
    wave = torch.where((y == 3)[:, None], 2.5 * torch.sin(12 * t)[None], torch.zeros(1))
    line = start + slope * (t - 0.5)[None] + wave
    img = torch.exp(-((torch.arange(size)[None, :, None] - line[:, None, :]) ** 2) / 1.2)
    return (img + 0.35 * torch.randn_like(img))[:, None], y


class Residual(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.a, self.b = nn.Conv2d(c, c, 3, padding=1, bias=False), nn.Conv2d(c, c, 3, padding=1, bias=False)
        self.na, self.nb = nn.BatchNorm2d(c), nn.BatchNorm2d(c)

    def forward(self, x):
        return F.relu(x + self.nb(self.b(F.relu(self.na(self.a(x))))))


net = nn.Sequential(
    nn.Conv2d(1, 12, 3, stride=2, padding=1), nn.ReLU(), Residual(12), nn.MaxPool2d(2), Residual(12),
    nn.Flatten(), nn.Dropout(0.2), nn.Linear(12 * 16, KINDS),
)  # fmt: skip
x, y = patches(1000)
xt, yt = patches(300)
EPOCHS, BS = 6, 25
total_steps = EPOCHS * len(x) // BS
opt = torch.optim.SGD(net.parameters(), lr=0.08, momentum=0.9, nesterov=True, weight_decay=5e-4)
sched = torch.optim.lr_scheduler.SequentialLR(
    opt,
    [
        torch.optim.lr_scheduler.LinearLR(opt, 0.05, 1.0, total_iters=20),
        torch.optim.lr_scheduler.CosineAnnealingLR(opt, total_steps - 20),
    ],
    milestones=[20],
)
for epoch in range(EPOCHS):
    net.train()
    running = 0.0
    for idx in torch.randperm(len(x)).split(BS):
        opt.zero_grad()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = F.cross_entropy(net(x[idx]), y[idx], label_smoothing=0.1)
        loss.backward()
        opt.step()
        sched.step()
        running += loss.item()
    net.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        acc = (net(xt).argmax(1) == yt).float().mean().item()
    assert math.isfinite(running)
    print(f"epoch {epoch} smoothed loss {running / (len(x) // BS):.4f} lr {sched.get_last_lr()[0]:.4f} acc {acc:.4f}")
