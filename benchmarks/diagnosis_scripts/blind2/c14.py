"""word_language_model style: plain SGD with lr 20, clipping 0.25, annealing when validation stalls."""
import math
import torch
import torch.nn as nn

torch.manual_seed(1111)
text = "the cat sat on the mat and the dog sat on the log while the bird sang to the sun . "
order = torch.randint(0, 3, (400,)).tolist()
parts = [text, "a man and a woman went to the town to buy some bread . ", "rain fell on the roof all night long . "]
data = "".join(parts[k] for k in order)
chars = sorted(set(data))
stoi = {c: i for i, c in enumerate(chars)}
ids = torch.tensor([stoi[c] for c in data])
cut = int(len(ids) * 0.85)


def batchify(d, b):
    n = d.size(0) // b
    return d.narrow(0, 0, n * b).view(b, -1).t().contiguous()


train_data, val_data = batchify(ids[:cut], 20), batchify(ids[cut:], 10)


class RNNModel(nn.Module):
    def __init__(self, ntoken, ninp=32, nhid=64, dropout=0.1):
        super().__init__()
        self.drop = nn.Dropout(dropout)
        self.encoder = nn.Embedding(ntoken, ninp)
        self.rnn = nn.LSTM(ninp, nhid, 1)
        self.decoder = nn.Linear(nhid, ntoken)
        self.nhid = nhid

    def forward(self, x, h):
        o, h = self.rnn(self.drop(self.encoder(x)), h)
        return self.decoder(self.drop(o)), h

    def init_hidden(self, b):
        return torch.zeros(1, b, self.nhid), torch.zeros(1, b, self.nhid)


model = RNNModel(len(chars))
criterion = nn.CrossEntropyLoss()
lr, bptt, clip, best = 20.0, 25, 0.25, None


def evaluate(source):
    model.eval()
    h, tot, hit = model.init_hidden(source.size(1)), 0.0, 0.0
    with torch.no_grad():
        for i in range(0, source.size(0) - 1, bptt):
            n = min(bptt, source.size(0) - 1 - i)
            o, h = model(source[i:i + n], h)
            t = source[i + 1:i + 1 + n]
            tot += n * criterion(o.reshape(-1, len(chars)), t.reshape(-1)).item()
            hit += n * (o.argmax(-1) == t).float().mean().item()
    return tot / (source.size(0) - 1), hit / (source.size(0) - 1)


for epoch in range(1, 11):
    model.train()
    h = model.init_hidden(20)
    for i in range(0, train_data.size(0) - 1, bptt):
        n = min(bptt, train_data.size(0) - 1 - i)
        h = tuple(v.detach() for v in h)
        model.zero_grad()
        o, h = model(train_data[i:i + n], h)
        loss = criterion(o.reshape(-1, len(chars)), train_data[i + 1:i + 1 + n].reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), clip)
        for p in model.parameters():
            p.data.add_(p.grad, alpha=-lr)
    val, acc = evaluate(val_data)
    if best is None or val < best:
        best = val
    else:
        lr /= 4.0
    print(f"epoch {epoch:2d} lr {lr:5.2f} valid ppl {math.exp(val):.3f} next character right {acc:.3f}")
