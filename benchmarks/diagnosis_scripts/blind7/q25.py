"""Battery state of health from charge curves. Dataset/DataLoader version of my notebook."""
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(24)


class ChargeCurves(Dataset):
    def __init__(self, n, steps=30):
        self.soh = 0.7 + 0.3 * torch.rand(n)
        t = torch.linspace(0, 1, steps)
        rise = 3.1 + 0.9 * (1 - torch.exp(-4 * t[None] / self.soh[:, None] ** 2))
        current = torch.where(t[None] < self.soh[:, None] * 0.8, 1.0, torch.exp(-6 * (t[None] - 0.8 * self.soh[:, None])))
        x = torch.stack([(rise - 3.7) / 0.2, current * 2 - 1.2], -1)
        self.x = x + 0.1 * torch.randn_like(x)
        self.y = (self.soh - 0.85) / 0.087

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class SoHNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, 2, batch_first=True)
        self.regressor = nn.Sequential(nn.Linear(hidden, 16), nn.ReLU(), nn.Linear(16, 1))

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.regressor(out[:, -1, :])


device = torch.device("cpu")
train_loader = DataLoader(ChargeCurves(1200), batch_size=40, shuffle=True)
test_set = ChargeCurves(300)
model = SoHNet().to(device)
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
mse = nn.MSELoss()

for epoch in range(10):
    model.train()
    epoch_loss = 0.0
    for curve, soh in train_loader:
        curve, soh = curve.to(device), soh.to(device)
        pred = model(curve)
        loss = mse(pred, soh)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item() * curve.size(0)
    print(f"Epoch {epoch + 1}/10 loss: {epoch_loss / 1200:.4f}")

model.eval()
with torch.no_grad():
    p = model(test_set.x).flatten()
r = torch.corrcoef(torch.stack([p, test_set.y]))[0, 1].item()
r2 = 1 - ((p - test_set.y) ** 2).mean() / test_set.y.var()
print(f"spread of predictions {p.std():.4f}, spread of targets {test_set.y.std():.4f}, r {r:.3f}")
print(f"R2 on held-out cells {r2.item():.4f}")
