"""Which symbol opened the record? An LSTM whose hidden state is a variable of the loop."""

import torch
from torch import nn

SEED = 0
SYMBOLS = 4
LENGTH = 8
HIDDEN = 32
RATE = 5e-3
BATCH = 32
EPOCHS = 14

torch.manual_seed(SEED)


def records(n):
    s = torch.randint(0, SYMBOLS, (n, LENGTH))
    return nn.functional.one_hot(s, SYMBOLS).float(), s[:, 0]


rnn, head = nn.LSTM(SYMBOLS, HIDDEN, batch_first=True), nn.Linear(HIDDEN, SYMBOLS)
optimizer = torch.optim.Adam([*rnn.parameters(), *head.parameters()], lr=RATE)
x, y = records(50 * BATCH)
hidden = (torch.zeros(1, BATCH, HIDDEN), torch.zeros(1, BATCH, HIDDEN))
for epoch in range(EPOCHS):
    for i in torch.randperm(len(x)).split(BATCH):
        out, hidden = rnn(x[i], hidden)
        hidden = tuple(h.detach() for h in hidden)
        loss = nn.functional.cross_entropy(head(out[:, -1]), y[i])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print(epoch, loss.item())
x, y = records(20 * BATCH)
right = 0
with torch.no_grad():
    for a, b in zip(x.split(BATCH), y.split(BATCH)):
        out, hidden = rnn(a, hidden)
        right += (head(out[:, -1]).argmax(1) == b).sum().item()
print("accuracy", right / len(y))
