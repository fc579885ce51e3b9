"""Compressor faults from raw plant readings (Pa, rpm, K, mA). The network scales them itself: BatchNorm comes first."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(55)
NAMES = ["pressure", "speed", "temperature", "current"]
MEAN = torch.tensor([412000.0, 2950.0, 341.0, 860.0])
STD = torch.tensor([18000.0, 40.0, 6.0, 55.0])


def plant(n, steps=20):
    y = torch.randint(0, 4, (n,))
    z = torch.randn(n, steps, 4)
    ramp = torch.linspace(0, 1, steps)
    z[y == 1, :, 0] -= 2.2 * ramp  # leak
    z[y == 2, :, 2] += 2.0 * ramp  # bearing heats up
    z[y == 2, :, 3] += 0.8 * ramp
    z[y == 3, :, 1] += 2.0 * torch.sin(9 * ramp)  # hunting governor
    return MEAN + STD * z, y


class RawGRU(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm = nn.BatchNorm1d(4)
        self.gru = nn.GRU(4, 32, batch_first=True)
        self.drop = nn.Dropout(0.1)
        self.fc = nn.Linear(32, 4)

    def forward(self, x):
        x = self.norm(x.transpose(1, 2)).transpose(1, 2)
        out, _ = self.gru(x)
        return self.fc(self.drop(out.mean(1)))


x, y = plant(1800)
print({k: f"{v:.1f}" for k, v in zip(NAMES, x.mean((0, 1)).tolist())})
xt, yt = plant(400)
loader = DataLoader(TensorDataset(x, y), batch_size=30, shuffle=True)
model = RawGRU()
opt = torch.optim.RMSprop(model.parameters(), lr=2e-3)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    s = 0.0
    for xb, yb in loader:
        opt.zero_grad()
        loss = loss_fn(model(xb), yb)
        loss.backward()
        opt.step()
        s += loss.item()
    model.eval()
    with torch.no_grad():
        acc = (model(xt).argmax(1) == yt).float().mean().item()
    print(f"epoch {epoch} loss {s / len(loader):.4f} acc {acc:.4f}")
