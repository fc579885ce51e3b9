import torch
from torch import nn
from torch.nn.utils.rnn import pad_sequence, pack_padded_sequence
from torch.utils.data import Dataset, DataLoader

torch.manual_seed(2024)


class Walks(Dataset):
    """Random walks of different lengths; which of three drifts do they have?"""

    def __init__(self, n):
        self.items = []
        for _ in range(n):
            k = int(torch.randint(0, 3, ()))
            length = int(torch.randint(10, 25, ()))
            self.items.append((torch.randn(length, 1) + (k - 1) * 0.6, k))

    def __len__(self):
        return len(self.items)

    def __getitem__(self, i):
        return self.items[i]


def collate(batch):
    batch.sort(key=lambda b: -len(b[0]))
    return pad_sequence([b[0] for b in batch], True), torch.tensor([len(b[0]) for b in batch]), torch.tensor([b[1] for b in batch])


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 24, batch_first=True)
        self.lin = nn.Linear(24, 3)

    def forward(self, x, n):
        _, h = self.rnn(pack_padded_sequence(x, n, batch_first=True))
        return self.lin(h[-1])


train = DataLoader(Walks(1200), 24, shuffle=True, collate_fn=collate)
test = DataLoader(Walks(400), 100, collate_fn=collate)
net = Net()
optimizer = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)
for epoch in range(14):
    net.train()
    for x, n, y in train:
        optimizer.zero_grad
        loss = nn.functional.cross_entropy(net(x, n), y)
        loss.backward()
        optimizer.step()
    net.eval()
    hits = torch.cat([net(x, n).argmax(1) == y for x, n, y in test])
    print("epoch", epoch, "loss", round(loss.item(), 4), "test accuracy", round(hits.float().mean().item(), 4))
