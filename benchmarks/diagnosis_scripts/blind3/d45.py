"""Bracket language: is the nesting depth at the end 0, 1, 2 or more? Stacked GRU with a configurable depth."""
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


class StackedGRU(nn.Module):
    def __init__(self, vocab, width, depth, classes):
        super().__init__()
        self.embedding = nn.Embedding(vocab, width)
        self.layers = [nn.GRU(width, width, batch_first=True) for _ in range(depth)]
        self.head = nn.Linear(width, classes)

    def forward(self, tokens):
        h = self.embedding(tokens)
        for layer in self.layers:
            h, _ = layer(h)
        return self.head(h[:, -1])


def brackets(n, length=16):
    seqs, depths = [], []
    for _ in range(n):
        depth, seq = 0, []
        for _ in range(length):
            r = torch.rand(1).item()
            if r < 0.35:
                seq.append(1); depth += 1
            elif r < 0.7 and depth > 0:
                seq.append(2); depth -= 1
            else:
                seq.append(0 if r < 0.85 else 3)
        seqs.append(seq)
        depths.append(min(depth, 3))
    return torch.tensor(seqs), torch.tensor(depths)


def accuracy(model, x, y):
    with torch.no_grad():
        return (model(x).argmax(1) == y).float().mean().item()


torch.manual_seed(23)
x, y = brackets(1400)
xt, yt = x[1100:], y[1100:]
loader = DataLoader(TensorDataset(x[:1100], y[:1100]), batch_size=20, shuffle=True)
model = StackedGRU(4, 24, 2, 4)
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(14):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(model(xb), yb)
        loss.backward()
        optimizer.step()
    print(f"epoch {epoch + 1:2d}: loss {loss.item():.3f}, test accuracy {accuracy(model, xt, yt):.3f}")
