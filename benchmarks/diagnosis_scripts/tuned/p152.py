import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(323)
x = torch.rand(1500, 4) * torch.tensor([10.0, 1.0, 5.0, 2.0])
y = 150 + 6 * x[:, 0] + 20 * x[:, 1] * x[:, 3] + 4 * torch.sin(x[:, 2])


class Scaled(nn.Module):
    def __init__(self, x, y):
        super().__init__()
        self.register_buffer("xm", x.mean(0))
        self.register_buffer("xs", x.std(0))
        self.register_buffer("ym", y.mean())
        self.register_buffer("ys", y.std())
        self.body = nn.Sequential(nn.Linear(4, 48), nn.SiLU(), nn.Linear(48, 48), nn.SiLU(), nn.Linear(48, 1))

    def forward(self, x):
        return self.body((x - self.xm) / self.xs).squeeze(-1) * self.ys + self.ym


train, test = random_split(TensorDataset(x, y), [1200, 300])
model = Scaled(x, y)
opt = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(25):
    for xb, yb in DataLoader(train, batch_size=32, shuffle=True):
        loss = nn.functional.huber_loss(model(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        print(epoch + 1, "huber", loss.item())
with torch.no_grad():
    xb, yb = test[:]
    print(f"test MAE {(model(xb) - yb).abs().mean().item():.3f} of spread {yb.std().item():.1f}")
