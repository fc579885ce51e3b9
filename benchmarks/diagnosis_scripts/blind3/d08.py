"""Keystroke authentication (3 users) with micro-batches of 8, four of them to an update, and a warm-up."""
import math
import torch
from torch import nn
from torch.optim.lr_scheduler import LambdaLR
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(77)
ACCUMULATE = 4
EPOCHS = 10

users = torch.randint(0, 3, (960,))
rhythm = torch.tensor([[0.2, 0.6, 0.2], [0.8, 0.4, 0.8], [0.5, 0.9, 1.2]])
hold = rhythm[users].repeat(1, 6) + 0.25 * torch.randn(960, 18)
key = torch.randint(0, 26, (960, 18))
train = TensorDataset(key[:720], hold[:720], users[:720])
test = TensorDataset(key[720:], hold[720:], users[720:])


class Keystrokes(nn.Module):
    def __init__(self):
        super().__init__()
        self.key = nn.Embedding(26, 8)
        self.lstm = nn.LSTM(9, 24, batch_first=True)
        self.norm = nn.LayerNorm(24)
        self.user = nn.Linear(24, 3)

    def forward(self, key, hold):
        x = torch.cat([self.key(key), hold.unsqueeze(-1)], dim=-1)
        return self.user(self.norm(self.lstm(x)[0].mean(1)))


model = Keystrokes()
loader = DataLoader(train, batch_size=8, shuffle=True)
optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
updates = EPOCHS * len(loader) // ACCUMULATE
warm = updates // 10
schedule = LambdaLR(optimizer, lambda s: s / warm if s < warm else 0.5 * (1 + math.cos(math.pi * (s - warm) / (updates - warm))))
criterion = nn.CrossEntropyLoss()

for epoch in range(EPOCHS):
    model.train()
    optimizer.zero_grad()
    total = 0.0
    for i, (k, h, u) in enumerate(loader):
        loss = criterion(model(k, h), u)
        (loss / ACCUMULATE).backward()
        total += loss.item()
        if (i + 1) % ACCUMULATE == 0:
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
    model.eval()
    with torch.no_grad():
        k, h, u = test.tensors
        acc = (model(k, h).argmax(1) == u).float().mean().item()
    print(f"epoch {epoch} loss {total / len(loader):.4f} lr {schedule.get_last_lr()[0]:.5f} test acc {acc:.4f}")
