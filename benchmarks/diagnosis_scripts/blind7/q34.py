"""skip-gram with negative sampling, own gradient-friendly loss, SparseAdam; neighbours are checked at the end"""
import random
from collections import Counter

import torch
import torch.nn.functional as F
from torch import nn

random.seed(18)
torch.manual_seed(18)
GROUPS = {
    "animal": ["cat", "dog", "cow", "hen", "fox"],
    "food": ["bread", "milk", "apple", "soup", "rice"],
    "place": ["farm", "city", "lake", "house", "hill"],
    "colour": ["red", "blue", "green", "black", "white"],
}
VERBS = {"animal": ["runs", "sleeps", "hunts"], "food": ["cooks", "tastes", "smells"], "place": ["lies", "grows", "stands"], "colour": ["shines", "fades", "glows"]}


def sentence():
    g = random.choice(list(GROUPS))
    a, b = random.sample(GROUPS[g], 2)
    return ["the", a, random.choice(VERBS[g]), "and", "the", b, random.choice(VERBS[g])]


text = [sentence() for _ in range(2500)]
counts = Counter(w for s in text for w in s)
words = sorted(counts)
index = {w: i for i, w in enumerate(words)}
freq = torch.tensor([counts[w] for w in words], dtype=torch.float)
keep = (freq.sum() * 5e-3 / freq).sqrt().clamp(max=1)  # thin out the function words
noise = freq**0.75

pairs = []
for s in text:
    ids = [index[w] for w in s if random.random() < keep[index[w]] * 4]
    for i, c in enumerate(ids):
        pairs += [(c, ids[j]) for j in range(max(0, i - 3), min(len(ids), i + 4)) if j != i]
pairs = torch.tensor(pairs)
print(len(words), "words,", len(pairs), "pairs")


class SGNS(nn.Module):
    def __init__(self, v, d=16):
        super().__init__()
        self.inp = nn.Embedding(v, d, sparse=True)
        self.out = nn.Embedding(v, d, sparse=True)
        nn.init.uniform_(self.inp.weight, -0.5 / d, 0.5 / d)
        nn.init.zeros_(self.out.weight)

    def forward(self, centre, context, negative):
        c = self.inp(centre)
        good = F.logsigmoid((c * self.out(context)).sum(-1))
        bad = F.logsigmoid(-(self.out(negative) @ c[..., None]).squeeze(-1)).sum(-1)
        return -(good + bad).mean()


model = SGNS(len(words))
opt = torch.optim.SparseAdam(list(model.parameters()), lr=1e-2)
for epoch in range(6):
    total, n = 0.0, 0
    for idx in torch.randperm(len(pairs)).split(128):
        b = pairs[idx]
        neg = torch.multinomial(noise, len(b) * 4, replacement=True).view(-1, 4)
        loss = model(b[:, 0], b[:, 1], neg)
        opt.zero_grad()
        loss.backward()
        opt.step()
        total, n = total + loss.item(), n + 1
    print(f"epoch {epoch} loss {total / n:.4f}")

vec = F.normalize(model.inp.weight.detach(), dim=-1)
same = checked = 0
for g, members in GROUPS.items():
    own = {index[w] for w in members + VERBS[g]}
    for w in members:
        near = (vec @ vec[index[w]]).topk(4).indices.tolist()[1:]
        same += sum(i in own for i in near)
        checked += 3
print("share of 3 nearest neighbours from the word's own group:", round(same / checked, 4))
