import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(55)
n = 700
x = torch.randn(n, 30)
score = x[:, 0] + 0.7 * x[:, 1] - 0.7 * x[:, 2]
y = (score + 1.0 * torch.randn(n) > 0).float()
train = DataLoader(TensorDataset(x[:400], y[:400]), batch_size=20, shuffle=True)
vx, vy = x[400:], y[400:]

net = nn.Sequential(nn.Linear(30, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 1), nn.Flatten(0))
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
bce = nn.BCEWithLogitsLoss()
EPOCHS = 120
for epoch in range(1, EPOCHS + 1):
    net.train()
    for xb, yb in train:
        opt.zero_grad()
        bce(net(xb), yb).backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        if epoch % 6 == 0:
            print(f"epoch {epoch:3d} train loss {bce(net(x[:400]), y[:400]):.3f} validation loss {bce(net(vx), vy):.3f}")
