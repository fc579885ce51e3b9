import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

p = argparse.ArgumentParser(description="keyword spotting")
p.add_argument("--batch-size", type=int, default=3000)
p.add_argument("--epochs", type=int, default=15)
p.add_argument("--lr", type=float, default=2e-3)
args = p.parse_args()

torch.manual_seed(7)
y = torch.randint(0, 4, (3400,))
x = 0.8 * torch.randn(3400, 12, 6)
when = torch.randint(0, 8, (3400,))
pattern = torch.randn(4, 4, 6)
for i in range(3400):
    x[i, when[i]:when[i] + 4] += pattern[y[i]]

loader = DataLoader(TensorDataset(x[:3000], y[:3000]), batch_size=args.batch_size, shuffle=True)
lstm, fc = nn.LSTM(6, 32, batch_first=True), nn.Linear(32, 4)
optimizer = torch.optim.Adam([*lstm.parameters(), *fc.parameters()], lr=args.lr)
for epoch in range(args.epochs):
    for xb, yb in loader:
        logits = fc(lstm(xb)[0][:, -1])
        loss = nn.functional.cross_entropy(logits, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        acc = (fc(lstm(x[3000:])[0][:, -1]).argmax(1) == y[3000:]).float().mean().item()
    print(f"epoch {epoch + 1}/{args.epochs} loss {loss.item():.4f} val acc {acc:.4f}")
