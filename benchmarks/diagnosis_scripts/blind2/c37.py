# tiny word-level language model, output projection shares the embedding matrix
import torch
import torch.nn as nn

torch.manual_seed(13)
V, E, H, BPTT = 30, 48, 48, 20
# a made-up language: after each word one of two words, the first far more often
succ = torch.stack([torch.randperm(V), torch.randperm(V)], 1)


def corpus(n):
    w = [0]
    choice = (torch.rand(n) < 0.12).long().tolist()
    s = succ.tolist()
    for c in choice:
        w.append(s[w[-1]][c])
    return torch.tensor(w)


def batchify(data, bsz):
    n = len(data) // bsz
    return data[: n * bsz].view(bsz, n).t().contiguous()


class LM(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Embedding(V, E)
        self.rnn = nn.LSTM(E, H)
        self.decoder = nn.Linear(H, V)
        self.decoder.weight = self.encoder.weight
        nn.init.uniform_(self.encoder.weight, -0.1, 0.1)
        nn.init.zeros_(self.decoder.bias)

    def forward(self, x, hidden=None):
        out, hidden = self.rnn(self.encoder(x), hidden)
        return self.decoder(out), hidden


train, valid = batchify(corpus(12000), 20), batchify(corpus(3000), 20)
model = LM()
optimizer = torch.optim.Adam(model.parameters(), lr=5e-3)
criterion = nn.CrossEntropyLoss()


def repackage(h):
    return tuple(v.detach() for v in h)


for epoch in range(1, 9):
    hidden, total = None, 0.0
    for i in range(0, train.size(0) - 1, BPTT):
        n = min(BPTT, train.size(0) - 1 - i)
        hidden = repackage(hidden) if hidden is not None else None
        out, hidden = model(train[i:i + n], hidden)
        loss = criterion(out.view(-1, V), train[i + 1:i + 1 + n].reshape(-1))
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 0.5)
        optimizer.step()
        total += loss.item() * n
    with torch.no_grad():
        out, _ = model(valid[:-1])
        val = criterion(out.reshape(-1, V), valid[1:].reshape(-1)).item()
        acc = (out.argmax(-1) == valid[1:]).float().mean().item()
    print(f"| epoch {epoch} | train ppl {torch.tensor(total / (train.size(0) - 1)).exp():.2f} | valid loss {val:.3f} | next word right {acc:.3f}")
