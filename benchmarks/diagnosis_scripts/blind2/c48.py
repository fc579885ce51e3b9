"""Remaining useful life of bearings (synthetic). LSTM regression."""
import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(28)


def bearings(n):
    wear = torch.rand(n) * 2 - 1
    t = torch.linspace(0, 1, 16)
    vib = wear[:, None] * t + 0.2 * torch.randn(n, 16)
    temp = 0.5 * wear[:, None] * t ** 2 + 0.2 * torch.randn(n, 16)
    return torch.stack([vib, temp], -1), -2 * wear + 0.1 * torch.randn(n)


class RUL(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 24, num_layers=2, batch_first=True)
        self.reg = nn.Linear(24, 1)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.reg(out[:, -1, :])


import warnings
warnings.filterwarnings("ignore")

x, y = bearings(1500)
xt, yt = bearings(500)
dl = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True)
model = RUL()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
for epoch in range(15):
    epoch_loss = 0
    for xb, yb in dl:
        optimizer.zero_grad()
        pred = model(xb)
        loss = criterion(pred, yb)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    print(f"epoch {epoch}: {epoch_loss / len(dl):.4f}")
with torch.no_grad():
    p = model(xt).numpy().ravel()
print("r2 score:", 1 - ((p - yt.numpy()) ** 2).mean() / yt.numpy().var())
