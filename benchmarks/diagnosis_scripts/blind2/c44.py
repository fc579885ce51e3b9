import torch
from torch import nn
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(7)


class Readings(Dataset):
    """Six sensor values a record, three machine states."""

    def __init__(self, n):
        centre = torch.tensor([[2., 0, 0, 1, 0, -1], [0, 2., 0, -1, 1, 0], [0, 0, 2., 0, -1, 1]])
        self.state = torch.randint(0, 3, (n,))
        self.values = centre[self.state] + 0.7 * torch.randn(n, 6)

    def __len__(self):
        return len(self.state) - 1

    def __getitem__(self, k):
        return self.values[k], self.state[k + 1]


train_set, test_set = Readings(2000), Readings(600)
train = DataLoader(train_set, batch_size=32, shuffle=True)
test = DataLoader(test_set, batch_size=200)

model = nn.Sequential(nn.Linear(6, 48), nn.ReLU(), nn.Linear(48, 3))
sgd = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
crit = nn.CrossEntropyLoss()


def evaluate():
    model.eval()
    hit = total = 0
    with torch.no_grad():
        for x, y in test:
            hit += (model(x).argmax(1) == y).sum().item()
            total += len(y)
    return hit / total


for epoch in range(1, 26):
    model.train()
    running = 0.0
    for x, y in train:
        sgd.zero_grad()
        out = model(x)
        loss = crit(out, y)
        loss.backward()
        sgd.step()
        running += loss.item() * len(x)
    print(f"epoch {epoch:02d}  loss {running / len(train_set):.4f}")
print("accuracy:", evaluate())
