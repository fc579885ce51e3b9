"""Biological-looking toy: does the peptide carry a 'KxxR' motif? biLSTM on packed sequences."""
import numpy as np
import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence

AMINO = "ACDEFGHIKLMNPQRSTVWY"
rng = np.random.default_rng(12)
torch.manual_seed(12)


def peptide():
    n = int(rng.integers(8, 26))
    s = [AMINO[k] for k in rng.integers(20, size=n)]
    y = int(rng.random() < 0.5)
    if y:
        at = int(rng.integers(0, n - 3))
        s[at], s[at + 3] = "K", "R"
    else:
        for i in range(n - 3):
            if s[i] == "K" and s[i + 3] == "R":
                s[i] = "A"
    return s, y


def make_batches(n, size):
    pool = [peptide() for _ in range(n)]
    for k in range(0, n, size):
        part = pool[k:k + size]
        lens = torch.tensor([len(s) for s, _ in part])
        x = torch.zeros(len(part), int(lens.max()), dtype=torch.long)
        for r, (s, _) in enumerate(part):
            x[r, :len(s)] = torch.tensor([AMINO.index(c) + 1 for c in s])
        y = torch.tensor([float(t) for _, t in part])
        lens, perm = lens.sort(0, descending=True)
        yield x[perm], lens, y[perm]


class MotifNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(21, 16, padding_idx=0)
        self.rnn = nn.LSTM(16, 32, bidirectional=True, batch_first=True)
        self.out = nn.Linear(64, 1)

    def forward(self, x, lens):
        p = pack_padded_sequence(self.emb(x), lens, batch_first=True)
        o, _ = nn.utils.rnn.pad_packed_sequence(self.rnn(p)[0], batch_first=True)
        mask = torch.arange(o.size(1))[None, :] >= lens[:, None]
        o = o.masked_fill(mask.unsqueeze(-1), -1.0)
        return self.out(o.max(dim=1).values).squeeze(-1)


net = MotifNet()
opt = torch.optim.Adam(net.parameters(), lr=6e-3)
bce = nn.BCEWithLogitsLoss()
train_batches = list(make_batches(1400, 40))
dev_batches = list(make_batches(400, 100))
for epoch in range(8):
    net.train()
    tot = 0.0
    for b in rng.permutation(len(train_batches)):
        x, lens, y = train_batches[b]
        loss = bce(net(x, lens), y)
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item()
    net.eval()
    with torch.no_grad():
        acc = np.mean([((net(x, n) > 0).float() == y).float().mean().item() for x, n, y in dev_batches])
    print(f"epoch {epoch} loss {tot / len(train_batches):.4f} dev acc {acc:.4f}")
