"""Direction of tomorrow's close from the last 20 daily returns (bi-GRU)."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.utils.data import DataLoader, Dataset

np.random.seed(5)
torch.manual_seed(5)


def simulate_prices(days):
    shocks = np.random.normal(0.0, 0.012, days)
    returns = shocks.copy()
    return 100 * np.exp(np.cumsum(returns))


class Returns(Dataset):
    def __init__(self, prices, window=20):
        r = np.diff(np.log(prices))
        r = (r - r.mean()) / r.std()
        self.x = np.lib.stride_tricks.sliding_window_view(r[:-1], window).astype(np.float32).copy()
        self.y = (r[window:] > 0).astype(np.int64)

    def __len__(self):
        return len(self.y)

    def __getitem__(self, i):
        return torch.from_numpy(self.x[i]).unsqueeze(-1), int(self.y[i])


class Direction(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 24, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(48)
        self.fc = nn.Linear(48, 2)

    def forward(self, x):
        out, h = self.rnn(x)
        h = torch.cat([h[0], h[1]], dim=1)
        return self.fc(F.dropout(self.norm(h), 0.2, self.training))


prices = simulate_prices(2600)
train = DataLoader(Returns(prices[:2000]), batch_size=50, shuffle=True)
test = DataLoader(Returns(prices[2000:]), batch_size=200)
net = Direction()
opt = torch.optim.AdamW(net.parameters(), lr=1e-3, weight_decay=1e-4)
for epoch in range(8):
    net.train()
    losses = []
    for x, y in train:
        loss = F.cross_entropy(net(x), y)
        opt.zero_grad(); loss.backward(); opt.step()
        losses.append(loss.item())
    net.eval()
    hit = n = 0
    with torch.no_grad():
        for x, y in test:
            hit += (net(x).argmax(1) == y).sum().item()
            n += len(y)
    print('epoch', epoch, 'loss', round(float(np.mean(losses)), 4), 'test hit rate', round(hit / n, 4))
