"""Which of four gestures was it? Accelerometer traces, a small GRU."""
import math
import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(3)
N_TRAIN, N_TEST, T = 16, 600, 30


def record(n):
    y = torch.randint(0, 4, (n,))
    t = torch.arange(T).float()
    freq = torch.tensor([0.15, 0.25, 0.35, 0.45])[y]
    phase = torch.rand(n) * 2 * math.pi
    tilt = torch.randn(n, 1)
    ax = torch.sin(freq[:, None] * t + phase[:, None]) + tilt
    ay = torch.cos(freq[:, None] * t + phase[:, None]) - tilt
    x = torch.stack([ax, ay], -1)
    return x + 0.5 * torch.randn_like(x), y


class GestureNet(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.gru = nn.GRU(2, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 4)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(out[:, -1])


xtr, ytr = record(N_TRAIN)
xte, yte = record(N_TEST)
loader = DataLoader(TensorDataset(xtr, ytr), batch_size=8, shuffle=True)
net = GestureNet()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
loss_fn = nn.CrossEntropyLoss()
steps = 0
while steps < 900:
    for xb, yb in loader:
        opt.zero_grad()
        loss = loss_fn(net(xb), yb)
        loss.backward()
        opt.step()
        steps += 1
        if steps % 100 == 0:
            with torch.no_grad():
                print(f"step {steps} train loss {loss.item():.4f} test loss {loss_fn(net(xte), yte).item():.4f}")
with torch.no_grad():
    print("test accuracy", (net(xte).argmax(1) == yte).float().mean().item())
