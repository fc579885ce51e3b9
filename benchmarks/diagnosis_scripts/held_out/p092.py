import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(0)
ACCUM = 4
X = torch.randn(1600, 14, 5)
y = torch.randint(0, 4, (1600,))
X[:, :, 0] += 0.7 * (2.0 * (y % 2) - 1).unsqueeze(1)
X[:, :, 4] += 0.7 * (2.0 * (y // 2) - 1).unsqueeze(1)
train_ds, val_ds = TensorDataset(X[:1280], y[:1280]), TensorDataset(X[1280:], y[1280:])
loader = DataLoader(train_ds, batch_size=8, shuffle=True)


class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 48, batch_first=True, bidirectional=True)
        self.head = nn.Sequential(nn.Linear(96, 32), nn.ReLU(), nn.Linear(32, 4))

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.head(out.mean(dim=1))


model = Tagger()
optimizer = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.01)
criterion = nn.CrossEntropyLoss()
for epoch in range(10):
    model.train()
    optimizer.zero_grad()
    epoch_loss = 0
    for i, (xb, yb) in enumerate(loader):
        loss = criterion(model(xb), yb) / ACCUM
        loss.backward()
        epoch_loss += loss.item() * ACCUM
        if (i + 1) % ACCUM == 0:
            optimizer.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        xv, yv = val_ds.tensors
        acc = (model(xv).argmax(1) == yv).float().mean().item()
    print(f"Epoch {epoch}: loss {epoch_loss / len(loader):.4f} val acc {acc:.4f}")
