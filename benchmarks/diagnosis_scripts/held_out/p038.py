import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(310)
X = torch.randn(2500, 30)
M = torch.randn(30, 12) / 30 ** 0.5
Y = ((X @ M) > 1.0).float()
print("positive share per label", Y.mean(0))
dl = DataLoader(TensorDataset(X[:2000], Y[:2000]), batch_size=50, shuffle=True)
model = nn.Sequential(nn.Linear(30, 64), nn.ReLU(), nn.Linear(64, 12))
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
lossf = nn.BCEWithLogitsLoss()
for epoch in range(20):
    for xb, yb in dl:
        opt.zero_grad()
        loss = lossf(model(xb), yb)
        loss.backward()
        opt.step()
with torch.no_grad():
    P = (torch.sigmoid(model(X[2000:])) > 0.5).float()
T = Y[2000:]
f1 = 2 * (P * T).sum() / (P.sum() + T.sum())
print("loss", loss.item(), "micro-F1", f1.item())
