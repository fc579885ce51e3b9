"""Word-level language model in the manner of the PyTorch example (plain SGD, big rate, clipping)."""
import argparse
import math
import time

import torch
import torch.nn as nn

parser = argparse.ArgumentParser(description="toy corpus RNN LM")
parser.add_argument("--emsize", type=int, default=48)
parser.add_argument("--nhid", type=int, default=48)
parser.add_argument("--lr", type=float, default=20)
parser.add_argument("--clip", type=float, default=0.25)
parser.add_argument("--epochs", type=int, default=8)
parser.add_argument("--bptt", type=int, default=20)
parser.add_argument("--dropout", type=float, default=0.1)
parser.add_argument("--seed", type=int, default=1111)
args = parser.parse_args()
torch.manual_seed(args.seed)

NOUNS = "cat dog king queen ship river stone bird child farmer".split()
VERBS = "sees finds loves fears follows paints".split()
ADJ = "old small bright quiet angry".split()
VOCAB = ["<eos>", "the", "a", "and"] + NOUNS + VERBS + ADJ
IDX = {w: i for i, w in enumerate(VOCAB)}


def pick(words):
    return words[int(torch.randint(len(words), (1,)))]


def corpus(n_sentences):
    ids = []
    for _ in range(n_sentences):
        s = ["the", pick(ADJ), pick(NOUNS), pick(VERBS), "a", pick(NOUNS)]
        if torch.rand(1) < 0.4:
            s += ["and", "the", pick(NOUNS)]
        ids += [IDX[w] for w in s] + [0]
    return torch.tensor(ids)


def batchify(data, bsz):
    nbatch = data.size(0) // bsz
    return data[:nbatch * bsz].view(bsz, -1).t().contiguous()


class RNNModel(nn.Module):
    def __init__(self, ntoken):
        super().__init__()
        self.drop = nn.Dropout(args.dropout)
        self.encoder = nn.Embedding(ntoken, args.emsize)
        self.rnn = nn.LSTM(args.emsize, args.nhid, 1)
        self.decoder = nn.Linear(args.nhid, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x, hidden):
        out, hidden = self.rnn(self.drop(self.encoder(x)), hidden)
        return self.decoder(self.drop(out)).view(-1, len(VOCAB)), hidden


def repackage(h):
    return tuple(v.detach() for v in h)


def batches(source):
    for i in range(0, source.size(0) - 1, args.bptt):
        n = min(args.bptt, source.size(0) - 1 - i)
        yield source[i:i + n], source[i + 1:i + 1 + n].reshape(-1)


train, val = batchify(corpus(2500), 20), batchify(corpus(300), 10)
model = RNNModel(len(VOCAB))
criterion = nn.CrossEntropyLoss()
lr, best = args.lr, None
for epoch in range(1, args.epochs + 1):
    t0 = time.time()
    model.train()
    h = (torch.zeros(1, 20, args.nhid), torch.zeros(1, 20, args.nhid))
    for x, y in batches(train):
        model.zero_grad()
        h = repackage(h)
        out, h = model(x, h)
        criterion(out, y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
    model.eval()
    h, tot, n = (torch.zeros(1, 10, args.nhid), torch.zeros(1, 10, args.nhid)), 0.0, 0
    with torch.no_grad():
        for x, y in batches(val):
            out, h = model(x, h)
            tot += len(y) * criterion(out, y).item()
            n += len(y)
    val_loss = tot / n
    print("| epoch {:2d} | {:4.1f}s | lr {:5.2f} | valid ppl {:.3f}".format(epoch, time.time() - t0, lr, math.exp(val_loss)))
    if best is None or val_loss < best:
        best = val_loss
    else:
        lr /= 4.0
print("best valid ppl %.3f" % math.exp(best))
