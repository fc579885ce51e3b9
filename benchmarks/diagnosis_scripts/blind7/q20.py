# Toy speech recogniser with CTC: frames of "spoken" digits, unsegmented targets.
import random

import torch
import torch.nn.functional as F
from torch import nn

seed = 77
random.seed(seed)
torch.manual_seed(seed)
SYMBOLS = 6  # 1..6, 0 is blank
VOICE = torch.randn(SYMBOLS + 1, 12)
VOICE[0] = 0


def utterance():
    text = [random.randint(1, SYMBOLS) for _ in range(random.randint(2, 5))]
    frames = []
    for c in text:
        frames += [0] * random.randint(1, 2) + [c] * random.randint(2, 5)
    frames += [0] * random.randint(1, 3)
    return VOICE[frames] + 0.5 * torch.randn(len(frames), 12), text


def make_batch(rows):
    x = nn.utils.rnn.pad_sequence([r[0] for r in rows])
    return x, torch.tensor([len(r[0]) for r in rows]), torch.tensor(sum((r[1] for r in rows), [])), torch.tensor([len(r[1]) for r in rows])


class Recogniser(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(12, 40, bidirectional=True)
        self.out = nn.Linear(80, SYMBOLS + 1)

    def forward(self, x):
        return F.log_softmax(self.out(self.rnn(x)[0]), -1)


def decode(best, length):
    out, last = [], 0
    for c in best[:length].tolist():
        if c not in (0, last):
            out.append(c)
        last = c
    return out


def edit_distance(a, b):
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        prev, row[0] = row[0], i
        for j, cb in enumerate(b, 1):
            prev, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, prev + (ca != cb))
    return row[-1]


train = [utterance() for _ in range(800)]
test = [utterance() for _ in range(150)]
model, ctc = Recogniser(), nn.CTCLoss(blank=0, zero_infinity=True)
opt = torch.optim.Adam(model.parameters(), lr=4e-3)
for epoch in range(9):
    random.shuffle(train)
    total = 0.0
    for i in range(0, 800, 20):
        x, nx, y, ny = make_batch(train[i : i + 20])
        loss = ctc(model(x), y, nx, ny)
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 3.0)
        opt.step()
        total += loss.item()
    with torch.no_grad():
        x, nx, _, _ = make_batch(test)
        best = model(x).argmax(-1).T
    wrong = sum(edit_distance(decode(b, n), t) for b, n, (_, t) in zip(best, nx.tolist(), test))
    print(f"epoch {epoch} ctc {total / 40:.4f} symbol error rate {wrong / sum(len(t) for _, t in test):.4f}")
