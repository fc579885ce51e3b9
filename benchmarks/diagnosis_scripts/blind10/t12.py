"""Language of a (synthetic) surname from its letters, packed sequences."""
import random
import string

import torch
import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

random.seed(17)
torch.manual_seed(17)

LANGS = {
    "it": (["ro", "ma", "ri", "be", "lu", "co", "ne"], ["ni", "li", "tti", "no"]),
    "pl": (["ko", "wa", "szy", "mal", "krz", "no"], ["ski", "wicz", "czak"]),
    "de": (["schm", "mei", "web", "hof", "bau", "kra"], ["er", "mann", "ner"]),
    "jp": (["ta", "ka", "shi", "mo", "ya", "na", "to"], ["moto", "da", "mura", "ka"]),
}
NAMES = list(LANGS)


def surname(lang):
    first, last = LANGS[lang]
    return "".join(random.choices(first, k=random.randint(1, 4))) + random.choice(last)


def dataset(n):
    items = []
    for _ in range(n):
        k = random.randrange(len(NAMES))
        word = surname(NAMES[k])
        ids = torch.tensor([string.ascii_lowercase.index(c) + 1 for c in word])
        items.append((ids, k))
    return items


def collate(items):
    seqs = [s for s, _ in items]
    labels = torch.tensor([k for _, k in items])
    lengths = torch.tensor([len(s) for s in seqs])
    padded = pad_sequence(seqs, batch_first=True)
    lengths, order = lengths.sort(descending=True)
    padded = padded[order]
    return padded, lengths, labels


class NameNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(27, 24, padding_idx=0)
        self.lstm = nn.LSTM(24, 40, batch_first=True, bidirectional=True)
        self.drop = nn.Dropout(0.1)
        self.fc = nn.Linear(80, len(NAMES))

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.embed(x), lengths, batch_first=True)
        _, (h, _) = self.lstm(packed)
        return self.fc(self.drop(torch.cat([h[0], h[1]], dim=1)))


train_set, valid_set = dataset(1500), dataset(300)
train_dl = torch.utils.data.DataLoader(train_set, batch_size=30, shuffle=True, collate_fn=collate)
valid_dl = torch.utils.data.DataLoader(valid_set, batch_size=30, collate_fn=collate)

net = NameNet()
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
lossf = nn.CrossEntropyLoss()

for epoch in range(8):
    net.train()
    ls = 0
    for x, n, y in train_dl:
        opt.zero_grad()
        loss = lossf(net(x, n), y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        ls += loss.item()
    net.eval()
    ok = 0
    with torch.no_grad():
        for x, n, y in valid_dl:
            ok += (net(x, n).argmax(-1) == y).sum().item()
    print(epoch, "loss %.3f" % (ls / len(train_dl)), "valid acc %.3f" % (ok / len(valid_set)))
