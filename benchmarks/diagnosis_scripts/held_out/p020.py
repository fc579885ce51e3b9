import random

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_sequence

random.seed(0)
torch.manual_seed(0)


def example():
    n = random.randint(3, 18)
    s = [random.randint(1, 9) for _ in range(n)]
    return torch.tensor(s), int(s[-1] > s[0])


train = [example() for _ in range(1500)]
dev = [example() for _ in range(300)]


def collate(items):
    items = sorted(items, key=lambda it: len(it[0]), reverse=True)
    seqs, labels = zip(*items)
    lengths = torch.tensor([len(s) for s in seqs])
    return pad_sequence(seqs, batch_first=True), lengths, torch.tensor(labels, dtype=torch.float)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.emb = nn.Embedding(10, 12, padding_idx=0)
        self.rnn = nn.LSTM(12, 32, batch_first=True)
        self.fc = nn.Linear(32, 1)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(self.emb(x), lengths, batch_first=True)
        _, (h, _) = self.rnn(packed)
        return self.fc(h[-1]).squeeze(1)


net = Net()
opt = torch.optim.Adam(net.parameters(), lr=0.01)
crit = nn.BCEWithLogitsLoss()
loader = torch.utils.data.DataLoader(train, batch_size=50, shuffle=True, collate_fn=collate)
for epoch in range(14):
    net.train()
    tot = 0.0
    for x, l, y in loader:
        opt.zero_grad()
        loss = crit(net(x, l), y)
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 5.0)
        opt.step()
        tot += loss.item()
    net.eval()
    with torch.no_grad():
        x, l, y = collate(dev)
        acc = ((net(x, l) > 0).float() == y).float().mean().item()
    print(f"{epoch + 1}\t{tot / len(loader):.4f}\tdev accuracy = {acc:.4f}")
