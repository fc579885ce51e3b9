#!/usr/bin/env python3
"""sentiment-ish: average of word embeddings through a GRU."""
import argparse
import random
import time

import torch
import torch.nn as nn
import torch.optim as optim


def get_args():
    p = argparse.ArgumentParser()
    p.add_argument('--lr', type=float, default=1e-5)
    p.add_argument('--batch-size', type=int, default=50)
    p.add_argument('--epochs', type=int, default=15)
    p.add_argument('--embed', type=int, default=32)
    p.add_argument('--hidden', type=int, default=48)
    p.add_argument('--seed', type=int, default=1234)
    return p.parse_args()


POS = list(range(2, 32))
NEG = list(range(32, 62))
NEUTRAL = list(range(62, 300))


def sample_review(rng, length=20):
    label = rng.randint(0, 1)
    words = []
    for _ in range(length):
        r = rng.random()
        if r < 0.25:
            words.append(rng.choice(POS if label else NEG))
        elif r < 0.32:
            words.append(rng.choice(NEG if label else POS))
        else:
            words.append(rng.choice(NEUTRAL))
    return words, label


class SentimentGRU(nn.Module):
    def __init__(self, vocab, embed, hidden):
        super().__init__()
        self.embedding = nn.Embedding(vocab, embed)
        self.gru = nn.GRU(embed, hidden, batch_first=True)
        self.classifier = nn.Linear(hidden, 1)

    def forward(self, tokens):
        states, _ = self.gru(self.embedding(tokens))
        return self.classifier(states.mean(dim=1)).squeeze(-1)


def main():
    args = get_args()
    rng = random.Random(args.seed)
    torch.manual_seed(args.seed)
    reviews = [sample_review(rng) for _ in range(2000)]
    tokens = torch.tensor([w for w, _ in reviews])
    labels = torch.tensor([float(l) for _, l in reviews])
    tr_x, tr_y, va_x, va_y = tokens[:1500], labels[:1500], tokens[1500:], labels[1500:]
    model = SentimentGRU(300, args.embed, args.hidden)
    optimizer = optim.Adam(model.parameters(), lr=args.lr)
    criterion = nn.BCEWithLogitsLoss()
    best = 0.0
    for epoch in range(1, args.epochs + 1):
        tic = time.time()
        model.train()
        total = 0.0
        perm = torch.randperm(len(tr_x))
        for i in range(0, len(perm), args.batch_size):
            idx = perm[i:i + args.batch_size]
            optimizer.zero_grad()
            loss = criterion(model(tr_x[idx]), tr_y[idx])
            loss.backward()
            optimizer.step()
            total += loss.item() * len(idx)
        model.eval()
        with torch.no_grad():
            acc = ((model(va_x) > 0).float() == va_y).float().mean().item()
        best = max(best, acc)
        print(f'| epoch {epoch:3d} | {time.time() - tic:.1f}s | train loss {total / len(tr_x):.4f} | valid acc {acc:.4f}')
    print(f'best valid acc {best:.4f}')


if __name__ == '__main__':
    main()
