import torch
import torch.nn as nn
from torch.utils.data import DataLoader, Dataset


class TrafficDataset(Dataset):
    """Hourly counts at a junction -> total of the next hour (log scale)."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        base = torch.rand(n, 1, generator=g) * 20 + 3
        counts = torch.poisson(base.expand(n, 25), generator=g)
        feats = torch.log(counts)
        self.x = feats[:, :24].unsqueeze(-1)
        self.y = torch.log(base)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.y[i]


def train():
    torch.manual_seed(0)
    loader = DataLoader(TrafficDataset(800, 1), batch_size=40, shuffle=True)
    rnn = nn.GRU(1, 20, batch_first=True)
    head = nn.Linear(20, 1)
    params = list(rnn.parameters()) + list(head.parameters())
    opt = torch.optim.Adam(params, lr=0.005)
    for epoch in range(10):
        total = 0.0
        for x, y in loader:
            opt.zero_grad()
            out, _ = rnn(x)
            loss = nn.functional.mse_loss(head(out[:, -1]), y)
            loss.backward()
            opt.step()
            total += loss.item()
        print(f"epoch {epoch + 1} loss {total / len(loader):.4f}")
    print("last loss", total / len(loader))


train()
