import random

import torch
import torch.nn as nn
import torch.nn.functional as F

SEED = 21
random.seed(SEED)
torch.manual_seed(SEED)

# Does the bracket string close properly at every level? ( ) [ ]
PAIRS = {"(": ")", "[": "]"}
VOCAB = {c: i + 1 for i, c in enumerate("()[]ab")}


def grow(depth):
    if depth == 0 or random.random() < 0.2:
        return random.choice("ab")
    o = random.choice("([")
    return o + grow(depth - 1) + PAIRS[o] + (grow(depth - 2) if depth > 1 and random.random() < 0.5 else "")


def sample():
    s = list(grow(3))
    label = 1
    if random.random() < 0.5:
        closers = [i for i, c in enumerate(s) if c in ")]"]
        if closers:
            i = random.choice(closers)
            s[i] = "(" if s[i] == "]" else "["
            label = 0
    return s[:16], label


def make(n):
    xs = torch.zeros(n, 16, dtype=torch.long)
    ys = torch.zeros(n)
    for k in range(n):
        s, label = sample()
        xs[k, 16 - len(s):] = torch.tensor([VOCAB[c] for c in s])
        ys[k] = label
    return xs, ys


class Checker(nn.Module):
    def __init__(self, emb=12, hid=32):
        super().__init__()
        self.emb = nn.Embedding(len(VOCAB) + 1, emb, padding_idx=0)
        self.gru = nn.GRU(emb, hid, batch_first=True)
        self.head = nn.Linear(hid, 1)

    def encode(self, x):
        states, _ = self.gru(self.emb(x))
        return torch.tensor(states[:, -1].tolist())

    def forward(self, x):
        return self.head(torch.tanh(self.encode(x))).squeeze(-1)


def main():
    xtr, ytr = make(1200)
    xte, yte = make(400)
    model = Checker()
    opt = torch.optim.Adam(model.parameters(), lr=5e-3)
    for epoch in range(15):
        total = 0.0
        for idx in torch.randperm(len(xtr)).split(40):
            loss = F.binary_cross_entropy_with_logits(model(xtr[idx]), ytr[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
            total += loss.item() * len(idx)
        with torch.no_grad():
            acc = ((model(xte) > 0) == (yte > 0.5)).float().mean().item()
        print(f"{epoch:02d} | loss {total / len(xtr):.4f} | held-out accuracy {acc:.4f}")


if __name__ == "__main__":
    main()
