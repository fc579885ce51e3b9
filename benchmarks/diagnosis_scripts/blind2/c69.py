import torch
from torch import nn
from torch.utils.data import TensorDataset, DataLoader

torch.manual_seed(4)


class SoftStep(nn.Module):
    """The squashing function of the 2D occupancy paper."""

    def __init__(self, sharpness=400.0):
        super().__init__()
        self.sharpness = sharpness

    def forward(self, z):
        return torch.tanh(self.sharpness * z)


def corridors(n):
    """Two interleaved spirals."""
    y = torch.randint(0, 2, (n,))
    r = torch.rand(n).sqrt()
    a = 7.0 * r + y * torch.pi
    x = torch.stack([r * torch.cos(a), r * torch.sin(a)], 1) * 2
    return x + 0.04 * torch.randn(n, 2), y


class Occupancy(nn.Module):
    def __init__(self, width=12):
        super().__init__()
        self.body = nn.Sequential(
            nn.Linear(2, width), SoftStep(), nn.Linear(width, width), SoftStep(),
            nn.Linear(width, width), SoftStep(), nn.Linear(width, width), SoftStep(),
        )
        self.head = nn.Linear(width, 2)

    def forward(self, x):
        return self.head(self.body(x))


x, y = corridors(1500)
xt, yt = corridors(1000)
loader = DataLoader(TensorDataset(x, y), 50, shuffle=True)
net = Occupancy()
opt = torch.optim.SGD(net.body.parameters(), lr=0.02, momentum=0.9)
opt.add_param_group({"params": net.head.parameters(), "lr": 0.02})
for epoch in range(70):
    for xb, yb in loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(net(xb), yb)
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        print(epoch + 1, loss.item())
print("accuracy on new points", (net(xt).argmax(1) == yt).float().mean().item())
