"""Copy task with a curriculum: lengths 2, 3, 4, 5; encoder-decoder GRU; teacher forcing decays."""
import random
import torch
from torch import nn

random.seed(71)
torch.manual_seed(71)
SYMBOLS, GO, H = 8, 8, 64


class Copier(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(SYMBOLS + 1, 16)
        self.enc = nn.GRU(16, H, batch_first=True)
        self.dec = nn.GRUCell(16, H)
        self.out = nn.Linear(H, SYMBOLS)

    def forward(self, src, tgt=None, forcing=0.0):
        _, h = self.enc(self.emb(src))
        h = h[0]
        tok = torch.full((len(src),), GO)
        logits = []
        for t in range(src.size(1)):
            h = self.dec(self.emb(tok), h)
            step = self.out(h)
            logits.append(step)
            tok = tgt[:, t] if tgt is not None and random.random() < forcing else step.argmax(1)
        return torch.stack(logits, 1)


model = Copier()
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
lossf = nn.CrossEntropyLoss()
for length, steps in [(2, 100), (3, 150), (4, 200), (5, 300)]:
    for step in range(steps):
        src = torch.randint(0, SYMBOLS, (32, length))
        logits = model(src, src, forcing=1 - 0.5 * step / steps)
        loss = lossf(logits.flatten(0, 1), src.flatten())
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
    with torch.no_grad():
        test = torch.randint(0, SYMBOLS, (300, length))
        acc = (model(test).argmax(-1) == test).float().mean().item()
    print(f"length {length}: loss {loss.item():.3f}, symbols right without forcing {acc:.3f}")
