"""Encoder-decoder: pick the three digits out of a string of other symbols, in order."""
import torch
from torch import nn

torch.manual_seed(9)
DIGITS, SYMBOLS, LENGTH, HIDDEN = 6, 14, 10, 48


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(SYMBOLS, 16)
        self.rnn = nn.GRU(16, HIDDEN, batch_first=True)

    def forward(self, source):
        _, h = self.rnn(self.embedding(source))
        return h


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(DIGITS + 1, 16)
        self.rnn = nn.GRU(16, HIDDEN, batch_first=True)
        self.out = nn.Linear(HIDDEN, DIGITS)

    def forward(self, previous, h):
        y, h = self.rnn(self.embedding(previous), h)
        return self.out(y), h


encoder, decoder = Encoder(), Decoder()
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=5e-3)
criterion = nn.CrossEntropyLoss()


def batch(n):
    source = torch.randint(DIGITS, SYMBOLS, (n, LENGTH))
    target = torch.randint(DIGITS, (n, 3))
    places = torch.rand(n, LENGTH).topk(3).indices.sort(1).values
    source.scatter_(1, places, target)
    start = torch.full((n, 1), DIGITS)
    return source, target, torch.cat([start, target[:, :-1]], 1)


for step in range(1, 701):
    source, target, previous = batch(64)
    context = encoder(source)
    memory = torch.tensor(context.tolist())
    logits, _ = decoder(previous, memory)
    loss = criterion(logits.reshape(-1, DIGITS), target.reshape(-1))
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
    optimizer.step()
    if step % 100 == 0:
        print(step, loss.item())

with torch.no_grad():
    source, target, previous = batch(500)
    logits, _ = decoder(previous, encoder(source))
    print("token accuracy:", (logits.argmax(-1) == target).float().mean().item())
