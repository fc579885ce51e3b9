"""Date normaliser: '7 mar 2019' -> '2019-03-07', attention decoder, teacher forcing that fades out."""
import random

import torch
from torch import nn

random.seed(10)
torch.manual_seed(10)
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
CHARS = ["<pad>", "<sos>"] + sorted(set("".join(MONTHS) + "0123456789 ,-"))
IDX = {c: i for i, c in enumerate(CHARS)}


def pair():
    d, m, y = random.randint(1, 28), random.randrange(12), random.randint(1980, 2029)
    text = random.choice([f"{d} {MONTHS[m]} {y}", f"{MONTHS[m]} {d}, {y}"])
    return text.ljust(12), f"{y}-{m + 1:02d}-{d:02d}"


def tensors(n):
    rows = [pair() for _ in range(n)]
    return tuple(torch.tensor([[IDX[c] for c in r[k]] for r in rows]) for k in (0, 1))


class Seq2Seq(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.emb = nn.Embedding(len(CHARS), 24)
        self.enc = nn.GRU(24, h // 2, bidirectional=True, batch_first=True)
        self.cell = nn.GRUCell(24 + h, h)
        self.query = nn.Linear(h, h, bias=False)
        self.out = nn.Linear(2 * h, len(CHARS))

    def forward(self, src, tgt=None, forcing=0.0, steps=10):
        mem, last = self.enc(self.emb(src))
        h = torch.cat([last[0], last[1]], 1)
        token = torch.full((len(src),), IDX["<sos>"])
        logits = []
        ctx = mem.mean(1)
        for t in range(steps):
            h = self.cell(torch.cat([self.emb(token), ctx], 1), h)
            w = torch.softmax((mem @ self.query(h)[..., None]).squeeze(-1), 1)
            ctx = (w[..., None] * mem).sum(1)
            logits.append(self.out(torch.cat([h, ctx], 1)))
            token = logits[-1].argmax(1).detach()
            if tgt is not None and random.random() < forcing:
                token = tgt[:, t]
        return torch.stack(logits, 1)


src, tgt = tensors(2000)
src_t, tgt_t = tensors(300)
model = Seq2Seq()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
epochs = 9
for epoch in range(epochs):
    forcing = 1 - 0.6 * epoch / epochs
    total = 0.0
    for idx in torch.randperm(2000).split(40):
        logits = model(src[idx], tgt[idx], forcing)
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), tgt[idx].flatten())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += loss.item() * len(idx)
    with torch.no_grad():
        guess = model(src_t).argmax(-1)
    exact = (guess == tgt_t).all(1).float().mean().item()
    print(f"epoch {epoch} forcing {forcing:.2f} loss {total / 2000:.4f} whole dates right {exact:.4f}")
