import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(406)


def signals(n):
    y = (torch.rand(n) < 0.08).float()
    x = torch.randn(n, 20, 1) * 0.4
    x += y.view(-1, 1, 1) * torch.sin(torch.arange(20.0) * 0.8).view(1, 20, 1)
    return x, y


class Alarm(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(1, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, x):
        return self.fc(self.rnn(x)[0].mean(1)).squeeze(1)


x, y = signals(3000)
xt, yt = signals(1500)
net = Alarm()
opt = torch.optim.Adam(net.parameters(), lr=1e-2)
crit = nn.BCEWithLogitsLoss()
for ep in range(8):
    for xb, yb in DataLoader(TensorDataset(x, y), 50, shuffle=True):
        loss = crit(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        hit = net(xt) > 0
        print(ep, loss.item(), "precision", (yt[hit] == 1).float().mean().item(), "recall", hit[yt == 1].float().mean().item())
