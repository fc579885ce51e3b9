import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset

torch.manual_seed(110)
templates = torch.randn(5, 14, 3)


class Letters(Dataset):
    """Pen strokes, n / 5 records of each letter."""

    def __init__(self, n):
        self.labels = torch.arange(5).repeat_interleave(n // 5)
        self.strokes = templates[self.labels] + 0.9 * torch.randn(n, 14, 3)

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        return self.strokes[index], self.labels[index]


train_loader = DataLoader(Letters(1500), batch_size=25, shuffle=False)
test_loader = DataLoader(Letters(300), batch_size=100)


class StrokeNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(3, 32, batch_first=True)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        _, h = self.gru(x)
        return self.fc(h[0])


model = StrokeNet()
opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
crit = nn.CrossEntropyLoss()
for epoch in range(12):
    total = 0.0
    for x, y in train_loader:
        loss = crit(model(x), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item()
    good = 0
    with torch.no_grad():
        for x, y in test_loader:
            good += (model(x).argmax(1) == y).sum().item()
    print(f"{epoch} train_loss: {total / len(train_loader):.4f} test_acc: {good / 300:.4f}")
