import random

import torch
import torch.nn as nn

random.seed(6)
torch.manual_seed(6)
SUBJ, VERB, OBJ = ["cat", "dog", "man"], ["sees", "likes"], ["fish", "ball", "tree"]
words = ["<s>", "."] + SUBJ + VERB + OBJ
ix = {w: i for i, w in enumerate(words)}
corpus = []
for _ in range(800):
    s = random.randrange(3)
    corpus.append([0, ix[SUBJ[s]], ix[random.choice(VERB)], ix[OBJ[s]], 1])
corpus = torch.tensor(corpus)


class LM(nn.Module):
    def __init__(self, v, d):
        super().__init__()
        self.embed = nn.Embedding(v, d)
        self.gru = nn.GRU(d, d, batch_first=True)
        self.decoder = nn.Linear(d, v, bias=False)
        self.decoder.weight = self.embed.weight

    def forward(self, x):
        h, _ = self.gru(self.embed(x))
        return self.decoder(h)


lm = LM(len(words), 24)
opt = torch.optim.Adam(lm.parameters(), lr=3e-3)
lossf = nn.CrossEntropyLoss()
for ep in range(12):
    tot = 0
    for idx in torch.randperm(len(corpus)).split(40):
        b = corpus[idx]
        logits = lm(b[:, :-1])
        loss = lossf(logits.flatten(0, 1), b[:, 1:].flatten())
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
        tot += loss.item() * len(b)
    print(ep, "ppl", torch.tensor(tot / len(corpus)).exp().item())
