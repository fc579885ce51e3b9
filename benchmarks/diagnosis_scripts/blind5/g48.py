"""Reverse a string of digits: LSTM encoder/decoder, lengths grow during training, teacher forcing fades out."""
import random

import torch
from torch import nn

random.seed(33)
torch.manual_seed(33)
SOS, SYMBOLS = 6, 6


class Reverser(nn.Module):
    def __init__(self, hidden=64):
        super().__init__()
        self.emb = nn.Embedding(SYMBOLS + 1, 16)
        self.encoder = nn.LSTM(16, hidden, batch_first=True)
        self.decoder = nn.LSTMCell(16, hidden)
        self.readout = nn.Linear(hidden, SYMBOLS)

    def forward(self, src, target=None, forcing=0.0):
        _, (h, c) = self.encoder(self.emb(src))
        h, c = h[0], c[0]
        token = torch.full((len(src),), SOS)
        logits = []
        for t in range(src.shape[1]):
            h, c = self.decoder(self.emb(token), (h, c))
            out = self.readout(h)
            logits.append(out)
            token = target[:, t] if target is not None and random.random() < forcing else out.argmax(1)
        return torch.stack(logits, 1)


model = Reverser()
opt = torch.optim.Adam(model.parameters(), lr=6e-3)
level, recent, steps = 2, 0.0, 0
while level <= 5 and steps < 900:
    length = random.choice([level, level, max(2, level - 1)])
    src = torch.randint(0, SYMBOLS, (48, length))
    target = src.flip(1)
    logits = model(src, target, forcing=max(0.3, 1 - steps / 500))
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), target.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    steps += 1
    recent = 0.9 * recent + 0.1 * (logits.argmax(-1) == target).float().mean().item()
    if steps % 100 == 0:
        print(f"step {steps} level {level} loss {loss.item():.3f} recent accuracy {recent:.3f}")
    if recent > 0.985:
        print(f"step {steps}: level {level} done")
        level, recent = level + 1, 0.0
        for g in opt.param_groups:
            g["lr"] *= 0.85

model.eval()
with torch.no_grad():
    for n in (3, 4, 5):
        src = torch.randint(0, SYMBOLS, (300, n))
        acc = (model(src).argmax(-1) == src.flip(1)).all(1).float().mean().item()
        print(f"length {n}: whole strings right {acc:.3f}")
