# named entities in order forms: B/I tags per token, bi-GRU
import random
import torch
import torch.nn as nn
import torch.nn.functional as F

random.seed(40)
torch.manual_seed(40)

FIRST, LAST, CITY, ITEM = range(1, 16), range(16, 36), range(36, 51), range(51, 71)
FILL = range(71, 150)
TAGS = {"O": 0, "B-PER": 1, "I-PER": 2, "LOC": 3, "ITEM": 4}


def form():
    toks, tags = [], []
    while len(toks) < 18:
        r = random.random()
        if r < 0.15:
            toks += [random.choice(FIRST), random.choice(LAST)]
            tags += [1, 2]
        elif r < 0.25:
            toks.append(random.choice(CITY))
            tags.append(3)
        elif r < 0.35:
            toks.append(random.choice(ITEM))
            tags.append(4)
        elif r < 0.42:  # a surname used as a street is not a person
            toks += [random.choice(LAST)]
            tags += [0]
        else:
            toks.append(random.choice(FILL))
            tags.append(0)
    return toks[:18], tags[:18]


def split(n):
    rows = [form() for _ in range(n)]
    return torch.tensor([r[0] for r in rows]), torch.tensor([r[1] for r in rows])


class Tagger(nn.Module):
    def __init__(self, vocab=150, dim=32, hid=40):
        super().__init__()
        self.e = nn.Embedding(vocab, dim)
        self.g = nn.GRU(dim, hid, bidirectional=True, batch_first=True, num_layers=2)
        self.o = nn.Linear(2 * hid, len(TAGS))

    def forward(self, x):
        return self.o(self.g(self.e(x))[0])


x, y = split(1000)
xv, yv = split(200)
net = Tagger()
opt = torch.optim.Adam(net.parameters(), lr=0.4)


def entity_f1(pred, gold):
    tp = ((pred == gold) & (gold > 0)).sum().item()
    p, g = (pred > 0).sum().item(), (gold > 0).sum().item()
    return 2 * tp / max(p + g, 1)


for ep in range(8):
    net.train()
    tot = 0.0
    for i in torch.randperm(len(x)).split(25):
        opt.zero_grad()
        loss = F.cross_entropy(net(x[i]).transpose(1, 2), y[i])
        loss.backward()
        opt.step()
        tot += loss.item() * len(i)
    net.eval()
    with torch.no_grad():
        f1 = entity_f1(net(xv).argmax(-1), yv)
    print("ep", ep, "loss", round(tot / len(x), 4), "entity f1", round(f1, 4))
