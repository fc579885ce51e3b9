"""Character language model in the style of the word_language_model example.

SGD with a large rate, clipping at 0.25, hidden state carried from chunk to chunk, tied weights,
rate divided by four when the validation loss does not improve.
"""
import argparse
import math
import random

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--nhid", type=int, default=64)
parser.add_argument("--lr", type=float, default=20)
parser.add_argument("--clip", type=float, default=0.25)
parser.add_argument("--epochs", type=int, default=7)
parser.add_argument("--batch_size", type=int, default=16)
parser.add_argument("--bptt", type=int, default=20)
parser.add_argument("--dropout", type=float, default=0.1)
args = parser.parse_args()
random.seed(1111)
torch.manual_seed(1111)

WORDS = "the cat sat on a mat and then ran to see old dog who hid his red bone near big oak tree".split()
follow = {w: random.sample(WORDS, 3) for w in WORDS}


def prose(n):
    w, out = "the", []
    while sum(map(len, out)) + len(out) < n:
        out.append(w)
        w = random.choice(follow[w])
    return " ".join(out)


text = prose(22000)
chars = sorted(set(text))
ids = torch.tensor([chars.index(c) for c in text])


def batchify(data, bsz):
    n = data.size(0) // bsz
    return data[:n * bsz].view(bsz, -1).t().contiguous()


train, valid = batchify(ids[:19000], args.batch_size), batchify(ids[19000:], 4)


class RNNModel(nn.Module):
    def __init__(self, ntoken, nhid, dropout):
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.Embedding(ntoken, nhid)
        self.rnn = nn.LSTM(nhid, nhid)
        self.decoder = nn.Linear(nhid, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)

    def forward(self, x, hidden):
        out, hidden = self.rnn(self.drop(self.encoder(x)), hidden)
        return self.decoder(self.drop(out)), hidden


def repackage(h):
    return tuple(v.detach() for v in h) if h is not None else None


def evaluate(source):
    model.eval()
    total, hidden = 0.0, None
    with torch.no_grad():
        for i in range(0, source.size(0) - 1, args.bptt):
            n = min(args.bptt, source.size(0) - 1 - i)
            out, hidden = model(source[i:i + n], hidden)
            total += n * criterion(out.flatten(0, 1), source[i + 1:i + 1 + n].flatten()).item()
    return total / (source.size(0) - 1)


model = RNNModel(len(chars), args.nhid, args.dropout)
criterion = nn.CrossEntropyLoss()
lr, best = args.lr, None
for epoch in range(1, args.epochs + 1):
    model.train()
    hidden = None
    for i in range(0, train.size(0) - 1, args.bptt):
        n = min(args.bptt, train.size(0) - 1 - i)
        hidden = repackage(hidden)
        model.zero_grad()
        out, hidden = model(train[i:i + n], hidden)
        loss = criterion(out.flatten(0, 1), train[i + 1:i + 1 + n].flatten())
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
    val = evaluate(valid)
    print(f"| epoch {epoch} | lr {lr:.2f} | valid loss {val:.3f} | valid ppl {math.exp(val):.3f}")
    if best is None or val < best:
        best = val
    else:
        lr /= 4
print(f"| best | valid ppl {math.exp(best):.3f}")
