# Morse-like pulse trains -> letter. One sample at a time, parameters updated by hand.
import random

import torch
from torch import nn

random.seed(0)
torch.manual_seed(0)

CODE = {"A": ".-", "B": "-...", "E": ".", "K": "-.-", "O": "---", "S": "...", "U": "..-", "X": "-..-"}
keys = sorted(CODE)


def keying(letter):
    """Durations in dots with an operator's jitter; shape (pulses*2, 1, 1)."""
    seq = []
    speed = random.uniform(0.8, 1.2)
    for symbol in CODE[letter]:
        on = (1.0 if symbol == "." else 3.0) * speed * random.uniform(0.8, 1.2)
        seq += [on, -speed * random.uniform(0.8, 1.2)]
    return torch.tensor(seq).view(-1, 1, 1) / 2


class Cell(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.hidden = hidden
        self.rnn = nn.RNN(1, hidden)
        self.out = nn.Linear(hidden, len(keys))

    def forward(self, x):
        _, h = self.rnn(x)
        return self.out(h[-1])


model = Cell()
loss_fn = nn.CrossEntropyLoss()
lr = 0.02
smoothed = None
for step in range(9001):
    k = random.randrange(len(keys))
    model.zero_grad()
    loss = loss_fn(model(keying(keys[k])), torch.tensor([k]))
    loss.backward()
    for p in model.parameters():
        p.data.add_(p.grad.data, alpha=-lr)
    smoothed = loss.item() if smoothed is None else 0.995 * smoothed + 0.005 * loss.item()
    if step % 1500 == 0:
        print("step", step, "smoothed loss %.3f" % smoothed)

hits = 0
with torch.no_grad():
    for i in range(400):
        hits += model(keying(keys[i % len(keys)])).argmax().item() == i % len(keys)
print("letters read correctly: %.3f" % (hits / 400))
