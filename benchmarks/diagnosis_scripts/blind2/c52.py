import torch
import torch.nn as nn
from torch.utils.data import TensorDataset, DataLoader, WeightedRandomSampler

torch.manual_seed(100)


def transactions(n, rate=0.04):
    fraud = (torch.rand(n) < rate).float()
    x = torch.randn(n, 10, 4)
    x[:, -3:, 0] += 2.2 * fraud[:, None]
    x[:, -3:, 2] -= 1.2 * fraud[:, None]
    return x, fraud


class FraudNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(4, 20, batch_first=True)
        self.fc = nn.Linear(20, 1)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1]).squeeze(-1)


x, y = transactions(3000)
xv, yv = transactions(3000)
pos_weight = (1 - y).sum() / y.sum()
print("positives", y.mean().item(), "pos_weight", pos_weight.item())
loader = DataLoader(TensorDataset(x, y), batch_size=50, shuffle=True)
model = FraudNet()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
criterion = nn.BCEWithLogitsLoss(pos_weight=pos_weight)
for epoch in range(8):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        p = model(xv) > 0
        recall = p[yv == 1].float().mean().item()
        spec = (~p[yv == 0]).float().mean().item()
    print(f"epoch {epoch} loss {loss.item():.3f} recall {recall:.3f} specificity {spec:.3f} balanced {(recall + spec) / 2:.3f}")
