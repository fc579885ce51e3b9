# Word language model in the manner of pytorch/examples/word_language_model
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(1111)
ntoken, emsize, bptt, clip, lr = 30, 48, 20, 0.25, 20.0

# a corpus from a sparse bigram table
table = torch.full((ntoken, ntoken), 0.002)
for w in range(ntoken):
    table[w, torch.randperm(ntoken)[:4]] = torch.tensor([8.0, 4.0, 2.0, 1.0])
table /= table.sum(1, keepdim=True)


def corpus(n):
    out = [0]
    for _ in range(n - 1):
        out.append(int(torch.multinomial(table[out[-1]], 1)))
    return torch.tensor(out)


def batchify(data, bsz):
    nbatch = data.size(0) // bsz
    return data[: nbatch * bsz].view(bsz, -1).t().contiguous()


class RNNModel(nn.Module):
    def __init__(self):
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.encoder = nn.Embedding(ntoken, emsize)
        self.rnn = nn.LSTM(emsize, emsize, 1)
        self.decoder = nn.Linear(emsize, ntoken)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x, hidden):
        emb = self.drop(self.encoder(x))
        out, hidden = self.rnn(emb, hidden)
        return self.decoder(self.drop(out)).view(-1, ntoken), hidden


def repackage_hidden(h):
    return tuple(v.detach() for v in h)


train_data, val_data = batchify(corpus(12000), 10), batchify(corpus(3000), 10)
model = RNNModel()


def evaluate():
    model.eval()
    total, hidden = 0.0, None
    with torch.no_grad():
        for i in range(0, val_data.size(0) - 1, bptt):
            n = min(bptt, val_data.size(0) - 1 - i)
            out, hidden = model(val_data[i:i + n], hidden)
            total += n * F.cross_entropy(out, val_data[i + 1:i + 1 + n].view(-1)).item()
    return total / (val_data.size(0) - 1)


best = None
for epoch in range(1, 11):
    model.train()
    hidden, total = None, 0.0
    for b, i in enumerate(range(0, train_data.size(0) - 1, bptt)):
        n = min(bptt, train_data.size(0) - 1 - i)
        if hidden is not None:
            hidden = repackage_hidden(hidden)
        model.zero_grad()
        out, hidden = model(train_data[i:i + n], hidden)
        loss = F.cross_entropy(out, train_data[i + 1:i + 1 + n].view(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
        total += loss.item()
    val = evaluate()
    print(f"| end of epoch {epoch:3d} | lr {lr:5.2f} | loss {total / (b + 1):5.2f} | valid ppl {math.exp(val):8.2f}")
    if best is None or val < best:
        best = val
    else:
        lr /= 4.0
entropy = -(table * table.log()).sum(1).mean().item()
print("uniform ppl", ntoken, "table ppl about", math.exp(entropy))
print("best valid ppl", math.exp(best))
