import argparse

import numpy as np
import torch
from torch import nn


class SentenceGRU(nn.Module):
    def __init__(self, vocab, emb, hid):
        super().__init__()
        self.emb = nn.Embedding(vocab, emb)
        self.rnn = nn.GRU(emb, hid, batch_first=True)
        self.cls = nn.Linear(hid, 1)

    def forward(self, tokens):
        _, h = self.rnn(self.emb(tokens))
        return self.cls(h[0]).squeeze(-1)


def corpus(n, rng):
    """Words 0-9 are kind, 10-19 unkind, the others neutral."""
    tokens = rng.integers(20, 80, size=(n, 16))
    label = rng.integers(0, 2, size=n)
    for i in range(n):
        spots = rng.choice(16, size=3, replace=False)
        tokens[i, spots] = rng.integers(0, 10, size=3) + (0 if label[i] else 10)
    return torch.from_numpy(tokens), torch.from_numpy(label).float()


def train(args):
    rng = np.random.default_rng(args.seed)
    torch.manual_seed(args.seed)
    tokens, label = corpus(1500, rng)
    test_tokens, test_label = corpus(400, rng)
    net = SentenceGRU(80, 16, 24)
    bce = nn.BCEWithLogitsLoss()
    sgd = torch.optim.SGD(net.parameters(), lr=args.lr, momentum=0.9)
    for epoch in range(args.epochs):
        order = rng.permutation(len(tokens))
        losses = []
        for start in range(0, len(order), args.batch_size):
            idx = order[start : start + args.batch_size]
            loss = bce(net(tokens[idx]), label[idx])
            loss.backward()
            sgd.step()
            losses.append(loss.item())
        with torch.no_grad():
            hit = ((net(test_tokens) > 0).float() == test_label).float().mean().item()
        print(f"epoch {epoch:2d} loss {np.mean(losses):.3f} test accuracy {hit:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lr", type=float, default=0.1)
    parser.add_argument("--epochs", type=int, default=20)
    parser.add_argument("--batch-size", type=int, default=25)
    parser.add_argument("--seed", type=int, default=4)
    train(parser.parse_args())
