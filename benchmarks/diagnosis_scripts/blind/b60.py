import random

import torch
from torch import nn

torch.manual_seed(83)
random.seed(83)
BOS, SIZE, LEN = 9, 10, 5


class Seq2Seq(nn.Module):
    """Reverse a string of digits; attention over the encoder, teacher forcing half of the time."""

    def __init__(self, hidden=40):
        super().__init__()
        self.embed = nn.Embedding(SIZE, 20)
        self.encoder = nn.GRU(20, hidden, batch_first=True)
        self.cell = nn.GRUCell(20 + hidden, hidden)
        self.query = nn.Linear(hidden, hidden, bias=False)
        self.position = nn.Parameter(torch.zeros(LEN, hidden))
        self.out = nn.Linear(2 * hidden, SIZE)

    def forward(self, source, target=None, forcing=0.0):
        memory, h = self.encoder(self.embed(source))
        keys, h = memory + self.position, h[0]
        token = torch.full((len(source),), BOS)
        context = torch.zeros_like(h)
        logits = []
        for t in range(LEN):
            h = self.cell(torch.cat([self.embed(token), context], 1), h)
            score = (keys @ self.query(h).unsqueeze(2)).squeeze(2)
            context = (score.softmax(1).unsqueeze(1) @ memory).squeeze(1)
            step = self.out(torch.cat([h, context], 1))
            logits.append(step)
            token = target[:, t] if target is not None and random.random() < forcing else step.argmax(1)
        return torch.stack(logits, 1)


model = Seq2Seq()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
for it in range(1, 601):
    src = torch.randint(0, 9, (64, LEN))
    tgt = src.flip(1)
    loss = ce(model(src, tgt, forcing=0.5).flatten(0, 1), tgt.flatten())
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 2.0)
    opt.step()
    if it % 100 == 0:
        print(it, loss.item())
model.eval()
src = torch.randint(0, 9, (300, LEN))
with torch.no_grad():
    exact = (model(src).argmax(-1) == src.flip(1)).all(1).float().mean().item()
print("whole strings right:", exact)
