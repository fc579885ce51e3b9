#!/usr/bin/env python
"""Word-level language model in the style of the old PyTorch example: plain SGD at 20, clip 0.25, tied weights."""
import argparse
import math
import random

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--lr", type=float, default=20)
parser.add_argument("--clip", type=float, default=0.25)
parser.add_argument("--bptt", type=int, default=20)
parser.add_argument("--batch_size", type=int, default=16)
parser.add_argument("--epochs", type=int, default=7)
parser.add_argument("--seed", type=int, default=1111)
args = parser.parse_args()
torch.manual_seed(args.seed)
random.seed(args.seed)

DET, ADJ = ["the", "a", "every"], ["red", "old", "tiny", "loud", "sleepy"]
NOUN = ["cat", "dog", "farmer", "robot", "queen", "pilot"]
VERB = {"cat": "chases", "dog": "barks-at", "farmer": "feeds", "robot": "repairs", "queen": "commands", "pilot": "greets"}


def sentence():
    subj = random.choice(NOUN)
    words = [random.choice(DET)]
    if random.random() < 0.5:
        words.append(random.choice(ADJ))
    words += [subj, VERB[subj], random.choice(DET), random.choice(NOUN)]
    return [*words, "<eos>"]


def corpus(n):
    return [w for _ in range(n) for w in sentence()]


train_words, valid_words = corpus(3000), corpus(400)
vocab = {w: i for i, w in enumerate(sorted(set(train_words)))}


def batchify(words, bsz):
    data = torch.tensor([vocab[w] for w in words])
    n = len(data) // bsz
    return data[: n * bsz].view(bsz, n).t().contiguous()


class RNNModel(nn.Module):
    def __init__(self, ntoken, nhid=64):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.encoder = nn.Embedding(ntoken, nhid)
        self.rnn = nn.LSTM(nhid, nhid)
        self.decoder = nn.Linear(nhid, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x, hidden=None):
        out, hidden = self.rnn(self.drop(self.encoder(x)), hidden)
        return self.decoder(self.drop(out)), hidden


train, valid = batchify(train_words, args.batch_size), batchify(valid_words, args.batch_size)
model = RNNModel(len(vocab))
criterion = nn.CrossEntropyLoss()
lr, best = args.lr, None


def repackage(h):
    return tuple(v.detach() for v in h)


def evaluate():
    model.eval()
    total, hidden = 0.0, None
    with torch.no_grad():
        for i in range(0, valid.size(0) - 1, args.bptt):
            n = min(args.bptt, valid.size(0) - 1 - i)
            out, hidden = model(valid[i : i + n], hidden)
            total += n * criterion(out.flatten(0, 1), valid[i + 1 : i + 1 + n].flatten()).item()
    return total / (valid.size(0) - 1)


for epoch in range(1, args.epochs + 1):
    model.train()
    hidden = None
    for i in range(0, train.size(0) - 1, args.bptt):
        n = min(args.bptt, train.size(0) - 1 - i)
        model.zero_grad()
        out, hidden = model(train[i : i + n], hidden)
        hidden = repackage(hidden)
        loss = criterion(out.flatten(0, 1), train[i + 1 : i + 1 + n].flatten())
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        with torch.no_grad():
            for p in model.parameters():
                p.add_(p.grad, alpha=-lr)
    val = evaluate()
    print(f"| end of epoch {epoch} | lr {lr:5.2f} | valid loss {val:.3f} | valid ppl {math.exp(val):.3f}")
    if best is None or val < best:
        best = val
    else:
        lr /= 4.0
print(f"uniform ppl {len(vocab)}, best valid ppl {math.exp(best):.3f}")
