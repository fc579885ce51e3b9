"""Truncated back-propagation through a long text, hidden state carried, output tied to the embedding."""
import math
import random

import torch
import torch.nn as nn

random.seed(2)
torch.manual_seed(2)
nouns = ["the old mill", "a small boat", "my uncle", "the red fox", "a tall tree"]
verbs = ["looks at", "runs past", "sleeps near", "sings to"]
text = ". ".join(f"{random.choice(nouns)} {random.choice(verbs)} {random.choice(nouns)}" for _ in range(900))
vocab = sorted(set(text))
ids = torch.tensor([vocab.index(c) for c in text])
split = int(0.9 * len(ids))


def batchify(seq, bsz):
    n = len(seq) // bsz
    return seq[: n * bsz].view(bsz, n).t().contiguous()


class RNNModel(nn.Module):
    def __init__(self, ntoken, nhid, dropout=0.1):
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.Embedding(ntoken, nhid)
        self.rnn = nn.LSTM(nhid, nhid, 1)
        self.decoder = nn.Linear(nhid, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x, hidden):
        out, hidden = self.rnn(self.drop(self.encoder(x)), hidden)
        return self.decoder(self.drop(out)), hidden


def repackage(h):
    return tuple(v.detach() for v in h)


train_data, val_data = batchify(ids[:split], 20), batchify(ids[split:], 10)
model = RNNModel(len(vocab), 64)
criterion = nn.CrossEntropyLoss()
lr, bptt, best = 20.0, 25, None


def evaluate():
    model.eval()
    hidden = (torch.zeros(1, 10, 64), torch.zeros(1, 10, 64))
    total = count = 0
    with torch.no_grad():
        for i in range(0, len(val_data) - 1, bptt):
            n = min(bptt, len(val_data) - 1 - i)
            out, hidden = model(val_data[i : i + n], hidden)
            total += n * criterion(out.flatten(0, 1), val_data[i + 1 : i + 1 + n].flatten()).item()
            count += n
    return total / count


for epoch in range(8):
    model.train()
    hidden = (torch.zeros(1, 20, 64), torch.zeros(1, 20, 64))
    for i in range(0, len(train_data) - 1, bptt):
        n = min(bptt, len(train_data) - 1 - i)
        model.zero_grad()
        hidden = repackage(hidden)
        out, hidden = model(train_data[i : i + n], hidden)
        criterion(out.flatten(0, 1), train_data[i + 1 : i + 1 + n].flatten()).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        with torch.no_grad():
            for p in model.parameters():
                p.add_(p.grad, alpha=-lr)
    val = evaluate()
    if best is None or val < best:
        best = val
    else:
        lr /= 4.0
    print(f"| end of epoch {epoch} | lr {lr} | valid loss {val:.3f} | valid ppl {math.exp(val):.2f}")
