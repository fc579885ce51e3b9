"""Translate dates written by people into ISO form, character by character (GRU encoder and decoder)."""
import random

import torch
import torch.nn as nn

random.seed(55)
torch.manual_seed(55)
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
IN = {c: i for i, c in enumerate(" /abcdefghijklmnopqrstuvwxyz0123456789")}
OUT = {c: i for i, c in enumerate("0123456789-^")}
IN_LEN = 9


def example():
    d, m, y = random.randint(1, 28), random.randint(1, 12), random.randint(0, 39)
    human = random.choice([f"{d:02d} {MONTHS[m - 1]} {y:02d}", f"{m:02d}/{d:02d}/{y:02d}"])
    return human.ljust(IN_LEN), f"{y:02d}-{m:02d}-{d:02d}"


def dataset(n):
    src, dst = zip(*[example() for _ in range(n)])
    return torch.tensor([[IN[c] for c in s] for s in src]), torch.tensor([[OUT[c] for c in "^" + s] for s in dst])


class Seq2Seq(nn.Module):
    def __init__(self, h=64):
        super().__init__()
        self.src, self.dst = nn.Embedding(len(IN), 16), nn.Embedding(len(OUT), 16)
        self.enc = nn.GRU(16, h, batch_first=True, bidirectional=True)
        self.dec = nn.GRU(16, 2 * h, batch_first=True)
        self.attn = nn.Linear(2 * h, 2 * h, bias=False)
        self.out = nn.Linear(4 * h, len(OUT))

    def encode(self, s):
        memory, h = self.enc(self.src(s))
        return memory, torch.cat([h[0], h[1]], 1).unsqueeze(0)

    def decode(self, d, memory, h):
        q, h = self.dec(self.dst(d), h)
        w = (self.attn(q) @ memory.transpose(1, 2)).softmax(-1)
        return self.out(torch.cat([q, w @ memory], -1)), h

    def forward(self, s, d):
        return self.decode(d, *self.encode(s))[0]

    @torch.no_grad()
    def translate(self, s):
        memory, h = self.encode(s)
        tok = torch.full((len(s), 1), OUT["^"])
        out = []
        for _ in range(8):
            logits, h = self.decode(tok, memory, h)
            tok = logits.argmax(-1)
            out.append(tok)
        return torch.cat(out, 1)


EPOCHS = 2
src, dst = dataset(1600)
src_t, dst_t = dataset(300)
model = Seq2Seq()
optimizer = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(EPOCHS):
    for idx in torch.randperm(len(src)).split(64):
        logits = model(src[idx], dst[idx, :-1])
        loss = nn.functional.cross_entropy(logits.flatten(0, 1), dst[idx, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        optimizer.step()
    whole = (model.translate(src_t) == dst_t[:, 1:]).all(1).float().mean().item()
    print(f"epoch {epoch + 1}/{EPOCHS} loss {loss.item():.3f} dates fully right {whole:.3f}")
