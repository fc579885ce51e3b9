"""Tiny transformer encoder: does the bracket string close properly? Warm-up, accumulation over two micro-batches."""
import math
import random

import torch
from torch import nn

random.seed(7)
torch.manual_seed(7)
PAIRS = {"(": ")", "[": "]"}
TOK = {c: i for i, c in enumerate("()[]_")}
LEN = 12


def balanced(n):
    if n == 0:
        return ""
    k = random.randrange(0, n, 2)
    o = random.choice("([")
    return o + balanced(k) + PAIRS[o] + balanced(n - 2 - k)


def item():
    s = balanced(random.choice([8, 10, 12]))
    ok = random.random() < 0.5
    if not ok:
        i = random.randrange(len(s))
        s = s[:i] + random.choice([c for c in "()[]" if c != s[i]]) + s[i + 1:]
    return [TOK[c] for c in s.ljust(LEN, "_")], float(ok)


def batch(n):
    x, y = zip(*[item() for _ in range(n)])
    return torch.tensor(x), torch.tensor(y)


class Encoder(nn.Module):
    def __init__(self, d=32):
        super().__init__()
        self.tok, self.pos = nn.Embedding(5, d), nn.Parameter(0.1 * torch.randn(LEN, d))
        layer = nn.TransformerEncoderLayer(d, 4, 64, dropout=0.0, batch_first=True, norm_first=True)
        self.enc = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.head = nn.Linear(d, 1)

    def forward(self, x):
        h = self.enc(self.tok(x) + self.pos, src_key_padding_mask=x == TOK["_"])
        return self.head(h.amax(1)).squeeze(1)


model = Encoder()
opt = torch.optim.AdamW(model.parameters(), lr=4e-3, weight_decay=0.01)
STEPS, WARM, ACC = 220, 25, 2
sched = torch.optim.lr_scheduler.LambdaLR(
    opt, lambda s: (s + 1) / WARM if s < WARM else 0.5 * (1 + math.cos(math.pi * (s - WARM) / (STEPS - WARM))))
for step in range(STEPS):
    opt.zero_grad()
    seen = 0.0
    for _ in range(ACC):
        x, y = batch(32)
        loss = nn.functional.binary_cross_entropy_with_logits(model(x), y) / ACC
        loss.backward()
        seen += loss.item()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    sched.step()
    if step % 40 == 0:
        print(f"step {step} loss {seen:.3f} lr {sched.get_last_lr()[0]:.1e}")
model.eval()
with torch.no_grad():
    x, y = batch(1000)
    print(f"accuracy {((model(x) > 0).float() == y).float().mean().item():.3f}")
