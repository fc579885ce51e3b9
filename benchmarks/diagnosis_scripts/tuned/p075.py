import torch
import torch.nn as nn
import torch.nn.functional as F


class Gate(nn.Module):
    """Step-like activation, sharp as in the paper."""

    def __init__(self, gain=100.0):
        super().__init__()
        self.gain = gain

    def forward(self, z):
        return torch.sigmoid(self.gain * z)


def make_net():
    return nn.Sequential(
        nn.Linear(20, 60), Gate(), nn.Linear(60, 60), Gate(), nn.Linear(60, 3)
    )


torch.manual_seed(25)
x = torch.randn(2400, 20)
a, b = x[:, :5].sum(1), x[:, 5:10].sum(1)
y = torch.where(a.abs() < 1.2, 0, torch.where(b > 0, 1, 2))
net = make_net()
opt = torch.optim.Adam(net.parameters(), lr=0.01)
for epoch in range(25):
    for idx in torch.randperm(2000).split(50):
        opt.zero_grad()
        loss = F.cross_entropy(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
    with torch.no_grad():
        val = (net(x[2000:]).argmax(1) == y[2000:]).float().mean().item()
    print(f"epoch={epoch} loss={loss.item():.3f} acc={val:.3f}")
