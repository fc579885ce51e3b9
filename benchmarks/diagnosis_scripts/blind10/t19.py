import torch
import torch.nn as nn
from torch.optim.lr_scheduler import OneCycleLR
from torch.utils.data import DataLoader, TensorDataset

# small residual CNN, autocast to bfloat16 on the CPU, 4 micro-batches for each step, label smoothing
torch.manual_seed(55)
ACCUM, MICRO, EPOCHS = 4, 8, 6


def textures(n):
    y = torch.randint(4, (n,))
    g = torch.arange(16).float()
    phase = torch.rand(n, 1, 1) * 6.28
    gx, gy = g.view(1, 1, 16).expand(n, 16, 16), g.view(1, 16, 1).expand(n, 16, 16)
    waves = torch.stack([torch.sin(gx + phase), torch.sin(gy + phase), torch.sin(0.7 * (gx + gy) + phase),
                         torch.sin(0.7 * (gx - gy) + phase)])
    x = waves[y, torch.arange(n)] + 0.5 * torch.randn(n, 16, 16)
    return x.unsqueeze(1), y


class Res(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.f = nn.Sequential(nn.Conv2d(c, c, 3, padding=1), nn.GroupNorm(2, c), nn.SiLU(), nn.Conv2d(c, c, 3, padding=1))

    def forward(self, x):
        return torch.relu(x + self.f(x))


model = nn.Sequential(nn.Conv2d(1, 8, 3, stride=2, padding=1), nn.ReLU(), Res(8), Res(8),
                      nn.AdaptiveAvgPool2d(2), nn.Flatten(), nn.Linear(32, 4))
x, y = textures(960)
xv, yv = textures(400)
loader = DataLoader(TensorDataset(x, y), batch_size=MICRO, shuffle=True, drop_last=True)
criterion = nn.CrossEntropyLoss(label_smoothing=0.1)
opt = torch.optim.AdamW(model.parameters(), lr=1e-2)
sched = OneCycleLR(opt, max_lr=1e-2, total_steps=EPOCHS * len(loader) // ACCUM)
for epoch in range(EPOCHS):
    model.train()
    opt.zero_grad(set_to_none=True)
    for i, (xb, yb) in enumerate(loader):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = model(xb)
        loss = criterion(out.float(), yb) / ACCUM
        loss.backward()
        if (i + 1) % ACCUM == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            sched.step()
            opt.zero_grad(set_to_none=True)
    model.eval()
    with torch.no_grad():
        acc = (model(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch} loss {loss.item() * ACCUM:.4f} lr {sched.get_last_lr()[0]:.5f} acc {acc:.4f}")
