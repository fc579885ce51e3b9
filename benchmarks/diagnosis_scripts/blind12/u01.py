# word_language_model in miniature: plain SGD, annealed on validation, tied weights, truncated BPTT
import argparse
import math
import random

import torch
import torch.nn as nn

parser = argparse.ArgumentParser()
parser.add_argument("--emsize", type=int, default=48)
parser.add_argument("--lr", type=float, default=20)
parser.add_argument("--clip", type=float, default=0.25)
parser.add_argument("--epochs", type=int, default=6)
parser.add_argument("--bptt", type=int, default=25)
parser.add_argument("--seed", type=int, default=1111)
args = parser.parse_args()
torch.manual_seed(args.seed)
random.seed(args.seed)

SUBJ = ["anna", "ben", "the dog", "the old man", "my aunt"]
VERB = ["eats", "paints", "hides", "wants"]
OBJ = {"eats": ["soup", "bread"], "paints": ["walls", "boats"], "hides": ["coins", "keys"], "wants": ["soup", "boats", "keys"]}


def text(n):
    words = []
    while len(words) < n:
        v = random.choice(VERB)
        words += (random.choice(SUBJ) + " " + v + " " + random.choice(OBJ[v]) + " <eos>").split()
    return words[:n]


train_words, val_words = text(9000), text(1500)
vocab = sorted(set(train_words))
stoi = {w: i for i, w in enumerate(vocab)}


def batchify(words, bsz):
    data = torch.tensor([stoi[w] for w in words])
    nbatch = data.size(0) // bsz
    return data[:nbatch * bsz].view(bsz, -1).t().contiguous()


class RNNModel(nn.Module):
    def __init__(self, ntoken, ninp):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.encoder = nn.Embedding(ntoken, ninp)
        self.rnn = nn.LSTM(ninp, ninp)
        self.decoder = nn.Linear(ninp, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, inp, hidden):
        out, hidden = self.rnn(self.drop(self.encoder(inp)), hidden)
        return self.decoder(self.drop(out)).view(-1, len(vocab)), hidden


def repackage_hidden(h):
    return tuple(v.detach() for v in h)


train_data, val_data = batchify(train_words, 20), batchify(val_words, 10)
model = RNNModel(len(vocab), args.emsize)
criterion = nn.CrossEntropyLoss()


def get_batch(source, i):
    seq_len = min(args.bptt, len(source) - 1 - i)
    return source[i:i + seq_len], source[i + 1:i + 1 + seq_len].view(-1)


def evaluate(source):
    model.eval()
    total = 0.0
    hidden = tuple(torch.zeros(1, source.size(1), args.emsize) for _ in range(2))
    with torch.no_grad():
        for i in range(0, source.size(0) - 1, args.bptt):
            data, targets = get_batch(source, i)
            output, hidden = model(data, hidden)
            total += len(data) * criterion(output, targets).item()
    return total / (len(source) - 1)


lr, best = args.lr, None
for epoch in range(1, args.epochs + 1):
    model.train()
    hidden = tuple(torch.zeros(1, 20, args.emsize) for _ in range(2))
    for i in range(0, train_data.size(0) - 1, args.bptt):
        data, targets = get_batch(train_data, i)
        hidden = repackage_hidden(hidden)
        model.zero_grad()
        output, hidden = model(data, hidden)
        loss = criterion(output, targets)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), args.clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
    val_loss = evaluate(val_data)
    print(f"| end of epoch {epoch:3d} | lr {lr:5.2f} | valid loss {val_loss:5.3f} | valid ppl {math.exp(val_loss):8.3f}")
    if best is None or val_loss < best:
        best = val_loss
    else:
        lr /= 4.0
