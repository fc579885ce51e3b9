# Which of five made-up planets does a name come from? (after the classic tutorial)
import random
import torch
import torch.nn as nn

random.seed(3)
torch.manual_seed(3)

LETTERS = "abcdefghijklmnopqrstuvwxyz'"
PLANETS = {
    "Ulmo": (["ul", "mor", "ond", "um"], ["o", "u"]),
    "Xerq": (["xe", "rq", "zk", "qar"], ["ax", "iq"]),
    "Liana": (["li", "an", "ela", "ia"], ["a", "elle"]),
    "Grok": (["gro", "kk", "dug", "bra"], ["k", "g"]),
    "Tst": (["t's", "st", "tz", "its"], ["'t", "'s"]),
}
names = list(PLANETS)


def make_name(planet):
    middle, end = PLANETS[planet]
    return "".join(random.choice(middle) for _ in range(random.randint(1, 3))) + random.choice(end)


def to_tensor(word):
    x = torch.zeros(len(word), 1, len(LETTERS))
    for i, c in enumerate(word):
        x[i][0][LETTERS.index(c)] = 1
    return x


class NameRNN(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.hidden_size = n_hidden
        self.i2h = nn.Linear(n_in + n_hidden, n_hidden)
        self.h2o = nn.Linear(n_hidden, n_out)

    def forward(self, x, hidden):
        hidden = torch.tanh(self.i2h(torch.cat((x, hidden), 1)))
        return self.h2o(hidden), hidden


rnn = NameRNN(len(LETTERS), 48, len(names))
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.SGD(rnn.parameters(), lr=0.02)


def train_one(word, label):
    hidden = torch.zeros(1, rnn.hidden_size)
    for ch in to_tensor(word):
        output, hidden = rnn(ch, hidden)
    loss = criterion(output, torch.tensor([label]))
    loss.backward()
    optimizer.step()
    return output.argmax(1).item(), loss.item()


every, total, hits = 400, 0.0, 0
for it in range(1, 3601):
    label = random.randrange(len(names))
    guess, loss = train_one(make_name(names[label]), label)
    total += loss
    hits += guess == label
    if it % every == 0:
        print(f"{it:5d}  avg loss {total / every:.4f}  acc {hits / every:.3f}")
        total, hits = 0.0, 0

with torch.no_grad():
    ok = 0
    for i in range(300):
        label = i % len(names)
        hidden = torch.zeros(1, rnn.hidden_size)
        for ch in to_tensor(make_name(names[label])):
            output, hidden = rnn(ch, hidden)
        ok += output.argmax(1).item() == label
print("accuracy on new names:", ok / 300)
