"""Counting brackets depth class in variable-length strings. Micro-batches of 8, one update per 4 of them."""
from __future__ import annotations

import random
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence
from torch.utils.data import DataLoader

random.seed(14)
torch.manual_seed(14)


@dataclass
class Config:
    micro: int = 8
    accumulate: int = 4
    epochs: int = 8
    lr: float = 6e-3


def string():
    depth, deepest, s = 0, 0, []
    for _ in range(random.randint(8, 22)):
        if depth and random.random() < 0.5:
            s.append(1)
            depth -= 1
        elif random.random() < 0.6:
            s.append(0)
            depth += 1
        else:
            s.append(2)
        deepest = max(deepest, depth)
    return s, min(deepest, 5) - 1 if deepest else 0


def collate(rows):
    return [torch.tensor(s) for s, _ in rows], torch.tensor([d for _, d in rows])


class Depth(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(3, 8)
        self.gru = nn.GRU(8, 32)
        self.out = nn.Linear(32, 5)

    def forward(self, seqs):
        packed = pack_sequence([self.emb(s) for s in seqs], enforce_sorted=False)
        return self.out(self.gru(packed)[1][-1])


def main(cfg: Config) -> None:
    train = DataLoader([string() for _ in range(1600)], cfg.micro, shuffle=True, collate_fn=collate)
    valid = DataLoader([string() for _ in range(300)], 50, collate_fn=collate)
    model = Depth()
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    opt.zero_grad()
    for epoch in range(cfg.epochs):
        model.train()
        running = 0.0
        for i, (seqs, y) in enumerate(train, 1):
            loss = nn.functional.cross_entropy(model(seqs), y)
            (loss / cfg.accumulate).backward()
            running += loss.item()
            if i % cfg.accumulate == 0:
                nn.utils.clip_grad_norm_(model.parameters(), 1.0)
                opt.step()
                opt.zero_grad()
        model.eval()
        with torch.no_grad():
            ok = sum((model(s).argmax(1) == y).sum().item() for s, y in valid)
        print(f"epoch {epoch}: loss {running / len(train):.4f}, accuracy {ok / 300:.4f}")


if __name__ == "__main__":
    main(Config())
