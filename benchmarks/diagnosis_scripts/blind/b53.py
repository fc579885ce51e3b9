"""Which of five markers came first in a stream of 14 events?"""
import torch
from torch import nn


class EventReader(nn.Module):
    def __init__(self, n_events, dim, depth):
        super().__init__()
        self.embed = nn.Embedding(n_events, dim)
        self.cells = []
        for _ in range(depth):
            self.cells.append(nn.LSTMCell(dim, dim))
        self.embed.weight.requires_grad_(True)
        self.readout = nn.Linear(dim, 5)
        self.dim = dim

    def forward(self, events):
        batch = events.size(0)
        states = [(torch.zeros(batch, self.dim), torch.zeros(batch, self.dim)) for _ in self.cells]
        for t in range(events.size(1)):
            x = self.embed(events[:, t])
            for i, cell in enumerate(self.cells):
                states[i] = cell(x, states[i])
                x = states[i][0]
        return self.readout(x)


def make(n, g):
    events = torch.randint(5, 12, (n, 14), generator=g)
    first = torch.randint(0, 5, (n,), generator=g)
    second = torch.randint(0, 5, (n,), generator=g)
    at = torch.randint(0, 5, (n,), generator=g)
    rows = torch.arange(n)
    events[rows, at] = first
    events[rows, at + 4] = second
    return events, first


g = torch.Generator().manual_seed(5)
torch.manual_seed(11)
train_x, train_y = make(2000, g)
test_x, test_y = make(500, g)

model = EventReader(12, 24, 2)
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()

for epoch in range(14):
    order = torch.randperm(len(train_x), generator=g)
    running = 0.0
    for rows in order.split(50):
        optimizer.zero_grad()
        loss = loss_fn(model(train_x[rows]), train_y[rows])
        loss.backward()
        optimizer.step()
        running += loss.item() * len(rows)
    with torch.no_grad():
        accuracy = (model(test_x).argmax(1) == test_y).float().mean().item()
    print(f"epoch {epoch + 1:2d}  loss {running / len(train_x):.4f}  accuracy {accuracy:.3f}")
