import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence

# The first symbol of a message names its class; everything after it is payload.
# Messages of different lengths, packed.
torch.manual_seed(0)

SYMBOLS = 6
MAXLEN = 12


class Remember(nn.Module):
    def __init__(self, hidden=40):
        super().__init__()
        self.emb = nn.Embedding(SYMBOLS * 2 + 1, 16, padding_idx=0)
        self.rnn = nn.GRU(16, hidden, batch_first=True)
        self.out = nn.Linear(hidden, SYMBOLS)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths, batch_first=True, enforce_sorted=False)
        _, h = self.rnn(packed)
        return self.out(h[-1])


def batch(size):
    seqs, labels = [], []
    for _ in range(size):
        n = int(torch.randint(3, MAXLEN + 1, (1,)))
        first = int(torch.randint(0, SYMBOLS, (1,)))
        filler = torch.randint(SYMBOLS, 2 * SYMBOLS, (n - 1,))
        seqs.append(torch.cat([torch.tensor([first]), filler]) + 1)
        labels.append(first)
    lengths = torch.tensor([len(s) for s in seqs])
    return pad_sequence(seqs, batch_first=True), lengths, torch.tensor(labels)


net = Remember()
opt = torch.optim.Adam(net.parameters(), lr=4e-3)
running = 0.0
for it in range(1, 501):
    x, n, y = batch(32)
    loss = F.cross_entropy(net(x, n), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    running += loss.item()
    if it % 100 == 0:
        print(f"iter {it}: loss {running / 100:.4f}")
        running = 0.0

net.eval()
with torch.no_grad():
    x, n, y = batch(1000)
    acc = (net(x, n).argmax(1) == y).float().mean().item()
print("accuracy", acc)
