import math
import time

import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(123)


class SineMix(Dataset):
    """windows of a two-tone signal, target is the next value"""

    def __init__(self, start, count, window=20):
        t = torch.arange(start, start + count + window + 1).float()
        s = 0.6 * torch.sin(2 * math.pi * t / 16) + 0.4 * torch.sin(2 * math.pi * t / 37)
        self.s = s + 0.03 * torch.randn(len(s))
        self.window, self.count = window, count

    def __len__(self):
        return self.count

    def __getitem__(self, i):
        return self.s[i:i + self.window, None], self.s[i + self.window, None]


class GRUForecast(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(1, 32, batch_first=True)
        self.linear = nn.Linear(32, 1)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.linear(out[:, -1, :])


train_loader = DataLoader(SineMix(0, 800), batch_size=32, shuffle=True)
test_loader = DataLoader(SineMix(900, 200), batch_size=200)

model = GRUForecast()
criterion = nn.MSELoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

t0 = time.time()
for epoch in range(25):
    model.train()
    optimizer.zero_grad()
    epoch_loss = 0.0
    for inputs, targets in train_loader:
        outputs = model(inputs)
        loss = criterion(outputs, targets)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
    if epoch % 5 == 4:
        print("epoch %d loss %.5f (%.0fs)" % (epoch + 1, epoch_loss / len(train_loader), time.time() - t0))

model.eval()
with torch.no_grad():
    for inputs, targets in test_loader:
        print("test MSE %.5f" % criterion(model(inputs), targets).item())
