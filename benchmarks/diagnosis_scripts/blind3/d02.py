# Order book events -> does the mid price end above its start?
import torch
from torch import nn

torch.manual_seed(55)


class BookModel(nn.Module):
    def __init__(self, n_events=6, dim=12, hidden=24, batch_size=30):
        super().__init__()
        self.embed = nn.Embedding(n_events, dim)
        self.gru = nn.GRU(dim, hidden, batch_first=True)
        self.out = nn.Linear(hidden, 2)
        self.batch_size = batch_size
        self.hidden = self.init_hidden()

    def init_hidden(self):
        return torch.zeros(1, self.batch_size, self.gru.hidden_size)

    def forward(self, events):
        y, h = self.gru(self.embed(events), self.hidden)
        self.hidden = h.detach()
        return self.out(y[:, -1])


effect = torch.tensor([1.0, -1.0, 2.0, -2.0, 0.0, 0.0])


def make(n, length):
    events = torch.randint(0, 6, (3 * n, length))
    move = effect[events].sum(1)
    keep = move != 0
    return events[keep][:n], (move[keep] > 0).long()[:n]


# one bucket a length, a batch comes from one bucket
train = [make(300, length) for length in range(3, 9)]
valid = [make(60, length) for length in range(3, 9)]

model = BookModel()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)


def accuracy(buckets):
    model.eval()
    hits = total = 0
    with torch.no_grad():
        for x, y in batches(buckets):
            hits += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return hits / total


def batches(buckets):
    parts = [(x[b], y[b]) for x, y in buckets for b in torch.randperm(len(x)).split(model.batch_size)]
    return [parts[i] for i in torch.randperm(len(parts))]


for epoch in range(12):
    model.train()
    losses = []
    for x, y in batches(train):
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    print(f"epoch {epoch:2d} loss {sum(losses) / len(losses):.4f} valid acc {accuracy(valid):.4f}")
