# Toxic comment style classifier: stacked bidirectional GRU over token ids, mean pooling.
import argparse
import random

import torch
import torch.nn as nn

p = argparse.ArgumentParser()
p.add_argument("--dropout", type=float, default=0.9)
p.add_argument("--epochs", type=int, default=10)
p.add_argument("--seed", type=int, default=53)
args = p.parse_args()
random.seed(args.seed)
torch.manual_seed(args.seed)

VOCAB, LEN = 180, 18
RUDE, MILD = range(1, 25), range(25, 45)


def comment():
    w = [random.randint(45, VOCAB - 1) for _ in range(LEN)]
    n_rude, n_mild = random.randint(0, 3), random.randint(0, 3)
    spots = random.sample(range(LEN), n_rude + n_mild)
    for s in spots[:n_rude]:
        w[s] = random.choice(RUDE)
    for s in spots[n_rude:]:
        w[s] = random.choice(MILD)
    return w, int(n_rude > n_mild)


def table(n):
    rows = [comment() for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows]).float()


class Toxic(nn.Module):
    def __init__(self, dropout):
        super().__init__()
        self.emb = nn.Embedding(VOCAB, 32)
        self.rnn = nn.GRU(32, 32, num_layers=2, dropout=dropout, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(64, 32)
        self.out = nn.Linear(32, 1)
        self.drop = nn.Dropout(dropout)

    def forward(self, x):
        h, _ = self.rnn(self.drop(self.emb(x)))
        h = self.drop(h.mean(1))
        return self.out(self.drop(torch.relu(self.fc(h)))).squeeze(1)


x, y = table(1600)
xv, yv = table(400)
model = Toxic(args.dropout)
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
bce = nn.BCEWithLogitsLoss()
for epoch in range(args.epochs):
    model.train()
    total = 0.0
    for b in torch.randperm(len(x)).split(32):
        loss = bce(model(x[b]), y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(b)
    model.eval()
    with torch.no_grad():
        z = model(xv)
    acc = ((z > 0).float() == yv).float().mean().item()
    print(f"epoch {epoch} train loss {total / len(x):.4f} val loss {bce(z, yv):.4f} val acc {acc:.4f}")
