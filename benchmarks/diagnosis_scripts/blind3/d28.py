# coding: utf-8
# Character language model, plain SGD as in the PyTorch word_language_model example (lr 20, clip 0.25)
import math
import random

import torch
import torch.nn as nn

random.seed(1111)
torch.manual_seed(1111)

bptt, bsz, nhid, clip = 20, 10, 48, 0.25
lr = 20

words = ["the", "cat", "sat", "on", "a", "mat", "and", "dog", "ran", "to", "red", "barn", "with", "hen"]
follow = {w: random.sample(words, 3) for w in words}


def babble(n):
    w, out = random.choice(words), []
    for _ in range(n):
        out.append(w)
        w = random.choice(follow[w])
    return " ".join(out)


text = babble(3400)
chars = sorted(set(text))
ids = torch.tensor([chars.index(c) for c in text])


def batchify(data, bsz):
    nbatch = data.size(0) // bsz
    return data[:nbatch * bsz].view(bsz, -1).t().contiguous()


cut = int(len(ids) * 0.85)
train_data, val_data = batchify(ids[:cut], bsz), batchify(ids[cut:], bsz)


class RNNModel(nn.Module):
    def __init__(self, ntoken, ninp, nhid):
        super().__init__()
        self.encoder = nn.Embedding(ntoken, ninp)
        self.rnn = nn.LSTM(ninp, nhid)
        self.drop = nn.Dropout(0.1)
        self.decoder = nn.Linear(nhid, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)
        self.nhid = nhid

    def forward(self, input, hidden):
        output, hidden = self.rnn(self.drop(self.encoder(input)), hidden)
        return self.decoder(self.drop(output)).view(-1, self.encoder.num_embeddings), hidden

    def init_hidden(self, bsz):
        w = next(self.parameters())
        return w.new_zeros(1, bsz, self.nhid), w.new_zeros(1, bsz, self.nhid)


def repackage_hidden(h):
    return tuple(v.detach() for v in h)


def get_batch(source, i):
    n = min(bptt, len(source) - 1 - i)
    return source[i:i + n], source[i + 1:i + 1 + n].view(-1)


model = RNNModel(len(chars), nhid, nhid)
criterion = nn.CrossEntropyLoss()


def evaluate(data):
    model.eval()
    total, hidden = 0.0, model.init_hidden(bsz)
    with torch.no_grad():
        for i in range(0, len(data) - 1, bptt):
            x, y = get_batch(data, i)
            out, hidden = model(x, hidden)
            total += len(x) * criterion(out, y).item()
    return total / (len(data) - 1)


best = None
for epoch in range(1, 11):
    model.train()
    hidden = model.init_hidden(bsz)
    for i in range(0, train_data.size(0) - 1, bptt):
        x, y = get_batch(train_data, i)
        model.zero_grad()
        hidden = repackage_hidden(hidden)
        out, hidden = model(x, hidden)
        loss = criterion(out, y)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
    val = evaluate(val_data)
    print(f"| end of epoch {epoch:2d} | lr {lr:.2f} | valid loss {val:.3f} | valid ppl {math.exp(val):.3f}")
    if best is None or val < best:
        best = val
    else:
        lr /= 4.0
print("uniform ppl", len(chars), "best ppl", round(math.exp(best), 3))
