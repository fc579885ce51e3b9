import math
import random

import torch
import torch.nn as nn

torch.manual_seed(1111)
random.seed(1111)
words = "the quick brown fox jumps over lazy dog and runs away from angry bear".split()
text = " ".join(random.choice(words) for _ in range(1000))
chars = sorted(set(text))
stoi = {c: i for i, c in enumerate(chars)}
ids = torch.tensor([stoi[c] for c in text])


def batchify(data, bsz):
    nb = data.size(0) // bsz
    return data[: nb * bsz].view(bsz, -1).t().contiguous()


def repackage(h):
    return tuple(v.detach() for v in h)


class RNNModel(nn.Module):
    def __init__(self, ntoken, ninp, nhid):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.encoder = nn.Embedding(ntoken, ninp)
        self.rnn = nn.LSTM(ninp, nhid, 2)
        self.decoder = nn.Linear(nhid, ntoken)

    def forward(self, x, hidden):
        emb = self.drop(self.encoder(x))
        output, hidden = self.rnn(emb, hidden)
        return self.decoder(self.drop(output)).view(-1, len(chars)), hidden


bptt, lr = 20, 20.0
train_data = batchify(ids, 10)
model = RNNModel(len(chars), 32, 64)
criterion = nn.CrossEntropyLoss()

for epoch in range(1, 16):
    model.train()
    hidden = (torch.zeros(2, 10, 64), torch.zeros(2, 10, 64))
    total = 0.0
    steps = range(0, train_data.size(0) - 1, bptt)
    for i in steps:
        n = min(bptt, len(train_data) - 1 - i)
        data, targets = train_data[i:i + n], train_data[i + 1:i + 1 + n].reshape(-1)
        model.zero_grad()
        hidden = repackage(hidden)
        output, hidden = model(data, hidden)
        loss = criterion(output, targets)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 0.25)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
        total += loss.item()
    cur = total / len(steps)
    print(f"| epoch {epoch:3d} | lr {lr:05.2f} | loss {cur:5.2f} | perplexity {math.exp(cur):8.2f}")
