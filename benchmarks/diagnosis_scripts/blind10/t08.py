"""Bracket depth classifier (max nesting depth of a sequence of brackets) with attention pooling.

usage: python t08.py --epochs 8
"""
import argparse

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


class Brackets(Dataset):
    def __init__(self, n, length, gen):
        steps = torch.randint(0, 2, (n, length), generator=gen) * 2 - 1
        seqs, labels = [], []
        for row in steps.tolist():
            depth, deepest, seq = 0, 0, []
            for s in row:
                if depth + s < 0:
                    s = 1
                depth += s
                deepest = max(deepest, depth)
                seq.append(0 if s > 0 else 1)
            seqs.append(seq)
            labels.append(min(max(deepest - 2, 0), 4))
        self.x = torch.tensor(seqs)
        self.y = torch.tensor(labels)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


class Encoder(nn.Module):
    def __init__(self, dim):
        super().__init__()
        self.emb = nn.Embedding(2, 16)
        self.rnn = nn.GRU(16, dim, batch_first=True)

    def forward(self, x):
        states, _ = self.rnn(self.emb(x))
        return states


class Classifier(nn.Module):
    def __init__(self, dim=48, classes=5):
        super().__init__()
        self.encoder = Encoder(dim)
        self.score = nn.Linear(dim, 1)
        self.out = nn.Linear(dim, classes)

    def forward(self, x):
        memory = self.encoder(x).data
        w = torch.softmax(self.score(memory).squeeze(-1), dim=1)
        context = (memory * w.unsqueeze(-1)).sum(1)
        return self.out(context)


def accuracy(model, loader):
    model.eval()
    good = total = 0
    with torch.no_grad():
        for x, y in loader:
            good += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return good / total


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--epochs", type=int, default=12)
    ap.add_argument("--lr", type=float, default=5e-3)
    ap.add_argument("--seed", type=int, default=21)
    args = ap.parse_args()

    torch.manual_seed(args.seed)
    gen = torch.Generator().manual_seed(args.seed)
    train = DataLoader(Brackets(2000, 20, gen), batch_size=50, shuffle=True)
    test = DataLoader(Brackets(500, 20, gen), batch_size=250)

    model = Classifier()
    opt = torch.optim.Adam(model.parameters(), lr=args.lr)
    ce = nn.CrossEntropyLoss()
    for epoch in range(args.epochs):
        model.train()
        tot = 0.0
        for x, y in train:
            opt.zero_grad()
            loss = ce(model(x), y)
            loss.backward()
            opt.step()
            tot += loss.item()
        print(f"[{epoch:02d}] loss={tot / len(train):.4f} test_acc={accuracy(model, test):.4f}")


if __name__ == "__main__":
    main()
