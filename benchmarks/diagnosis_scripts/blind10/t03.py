"""Which of six waveforms is it? First attempt with an LSTM, copied together from a few tutorials."""
import math

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(11)

SEQ_LEN = 40
NUM_CLASSES = 6
BATCH_SIZE = 32
EPOCHS = 2


def wave(kind, phase, freq):
    t = torch.linspace(0, 4 * math.pi, SEQ_LEN) * freq + phase
    if kind == 0:
        return torch.sin(t)
    if kind == 1:
        return torch.sign(torch.sin(t))
    if kind == 2:
        return 2 * ((t / (2 * math.pi)) % 1.0) - 1
    if kind == 3:
        return 1 - 2 * ((t / (2 * math.pi)) % 1.0)
    if kind == 4:
        return 2 * torch.abs(2 * ((t / (2 * math.pi)) % 1.0) - 1) - 1
    return torch.sin(t) * torch.sin(3 * t)


def make(n):
    xs, ys = [], []
    for _ in range(n):
        k = int(torch.randint(NUM_CLASSES, (1,)))
        w = wave(k, torch.rand(1) * 2 * math.pi, 0.8 + 0.4 * torch.rand(1))
        xs.append(w + 0.05 * torch.randn(SEQ_LEN))
        ys.append(k)
    return torch.stack(xs).unsqueeze(-1), torch.tensor(ys)


class WaveLSTM(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, NUM_CLASSES)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


train_x, train_y = make(1500)
test_x, test_y = make(400)
train_loader = DataLoader(TensorDataset(train_x, train_y), batch_size=BATCH_SIZE, shuffle=True)

model = WaveLSTM()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

for epoch in range(EPOCHS):
    model.train()
    total = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        total += loss.item() * len(x)
    model.eval()
    with torch.no_grad():
        acc = (model(test_x).argmax(1) == test_y).float().mean().item()
    print(f"epoch {epoch + 1}/{EPOCHS}  train loss {total / len(train_x):.4f}  test acc {acc:.4f}")
print("final accuracy:", round(acc, 4))
