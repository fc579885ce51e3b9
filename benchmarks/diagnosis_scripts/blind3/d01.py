import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(88)

# rotated stripes, 4 orientations
def stripes(n, size=10):
    yy, xx = torch.meshgrid(torch.arange(size).float(), torch.arange(size).float(), indexing="ij")
    k = torch.randint(0, 4, (n,))
    ang = k.float() * torch.pi / 4
    ph = 6.28 * torch.rand(n)
    arg = 1.6 * (torch.cos(ang)[:, None, None] * xx + torch.sin(ang)[:, None, None] * yy) + ph[:, None, None]
    return (torch.sin(arg) + 0.3 * torch.randn(n, size, size)).unsqueeze(1), k

model = nn.Sequential(
    nn.Conv2d(1, 12, 3), nn.BatchNorm2d(12), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(12, 16, 3), nn.ReLU(), nn.Flatten(), nn.Linear(16 * 4, 4),
)
loader = DataLoader(TensorDataset(*stripes(1000)), batch_size=32, shuffle=True, drop_last=True)
vx, vy = stripes(300)
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True)
crit = nn.CrossEntropyLoss()
for epoch in range(6):
    model.train()
    for x, y in loader:
        opt.zero_grad(set_to_none=True)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out = model(x)
            loss = crit(out, y)
        loss.backward()
        opt.step()
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        acc = (model(vx).argmax(1) == vy).float().mean().item()
    print(f"epoch {epoch} loss {loss.item():.3f} acc {acc:.3f} ({out.dtype})")
