import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split

torch.manual_seed(42)


class ActivityNet(nn.Module):
    def __init__(self, n_features=6, hidden=32):
        super().__init__()
        self.lstm = nn.LSTM(n_features, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return torch.softmax(self.out(h[-1]), dim=1)


def make_data(n=1200, steps=20):
    x = torch.randn(n, steps, 6)
    y = ((x[:, :, 0] * 1.5 + x[:, :, 3]).mean(1) > 0).float().unsqueeze(1)
    return TensorDataset(x, y)


train_set, test_set = random_split(make_data(), [1000, 200])
train_loader = DataLoader(train_set, batch_size=32, shuffle=True)
test_loader = DataLoader(test_set, batch_size=200)

model = ActivityNet()
criterion = nn.BCELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

for epoch in range(12):
    model.train()
    running = 0.0
    for xb, yb in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
        running += loss.item() * len(xb)
    print(f"epoch {epoch + 1:2d} loss {running / len(train_set):.4f}")

model.eval()
with torch.no_grad():
    xb, yb = next(iter(test_loader))
    pred = (model(xb) > 0.5).float()
    print("test accuracy:", (pred == yb).float().mean().item())
