import random

import torch
import torch.nn as nn

# Names -> nationality, one name at a time (variable length, no padding);
# an update after every 16 names.
SEED = 88
random.seed(SEED)
torch.manual_seed(SEED)

LETTERS = "abcdefghijklmnop"
endings = {"it": ["ini", "ola", "o"], "ru": ["ikov", "enko"], "jp": ["mioka", "ko", "ma"], "de": ["man", "bach"]}
countries = sorted(endings)


def make_name():
    c = random.choice(countries)
    stem = "".join(random.choice(LETTERS) for _ in range(random.randint(2, 5)))
    return "".join(ch for ch in stem + random.choice(endings[c]) if ch in LETTERS + "v"), countries.index(c)


alphabet = sorted(set(LETTERS + "v"))


def to_tensor(name):
    t = torch.zeros(len(name), 1, len(alphabet))
    for i, ch in enumerate(name):
        t[i, 0, alphabet.index(ch)] = 1.0
    return t


class CharRNN(nn.Module):
    def __init__(self, hidden=48):
        super().__init__()
        self.gru = nn.GRU(len(alphabet), hidden)
        self.out = nn.Linear(hidden, len(countries))

    def forward(self, x):
        _, h = self.gru(x)
        return self.out(h[0])


data = [(to_tensor(n), torch.tensor([k])) for n, k in (make_name() for _ in range(650))]
train, test = data[:500], data[500:]
model = CharRNN()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
ACCUMULATE = 16

for epoch in range(7):
    random.shuffle(train)
    total = 0.0
    optimizer.zero_grad()
    for i, (x, y) in enumerate(train, start=1):
        loss = criterion(model(x), y)
        (loss / ACCUMULATE).backward()
        total += loss.item()
        if i % ACCUMULATE == 0 or i == len(train):
            torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
    print("epoch", epoch, "loss", total / len(train))

with torch.no_grad():
    right = sum(int(model(x).argmax(1) == y) for x, y in test)
print("test accuracy", right / len(test))
