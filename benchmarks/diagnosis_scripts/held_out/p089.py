import random

import torch
import torch.nn as nn

random.seed(3)
torch.manual_seed(3)
ENDINGS = {"Italian": ["ini", "elli", "ucci"], "Russian": ["ov", "enko", "sky"], "Japanese": ["moto", "kawa", "shima"]}
langs = list(ENDINGS)
letters = "abcdefghijklmnopqrstuvwxyz"


def random_name():
    c = random.randrange(3)
    stem = "".join(random.choice("bdgklmnrst") + random.choice("aeiou") for _ in range(random.randint(1, 2)))
    return stem + random.choice(ENDINGS[langs[c]]), c


def to_tensor(name):
    t = torch.zeros(len(name), 1, 26)
    for i, ch in enumerate(name):
        t[i, 0, letters.index(ch)] = 1
    return t


class RNN(nn.Module):
    def __init__(self, input_size, hidden_size, output_size):
        super().__init__()
        self.hidden_size = hidden_size
        self.rnn = nn.RNN(input_size, hidden_size)
        self.h2o = nn.Linear(hidden_size, output_size)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, line):
        _, hidden = self.rnn(line)
        return self.softmax(self.h2o(hidden[0]))


rnn = RNN(26, 64, 3)
criterion = nn.NLLLoss()
optimizer = torch.optim.SGD(rnn.parameters(), lr=0.05)
loss_acc = 0
for it in range(1, 3001):
    name, c = random_name()
    out = rnn(to_tensor(name))
    loss = criterion(out, torch.tensor([c]))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    loss_acc += loss.item()
    if it % 500 == 0:
        print(f"{it} {loss_acc / 500:.4f} {name} -> {langs[out.argmax().item()]}")
        loss_acc = 0
test = [random_name() for _ in range(300)]
with torch.no_grad():
    ok = sum(rnn(to_tensor(n)).argmax().item() == c for n, c in test)
print("Accuracy:", ok / 300)
