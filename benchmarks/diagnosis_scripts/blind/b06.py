import torch
from torch import nn

torch.manual_seed(99)


def block(n):
    return [nn.Linear(n, n, bias=False), nn.BatchNorm1d(n), nn.ReLU()]


class Deep(nn.Module):
    def __init__(self, width=32, depth=9):
        super().__init__()
        layers = [nn.Linear(6, width)]
        for _ in range(depth):
            layers += block(width)
        layers.append(nn.Linear(width, 3))
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return self.layers(x)


x = torch.randn(2000, 6)
angle = torch.atan2(x[:, 0] + 0.3 * x[:, 2], x[:, 1])
y = ((angle + 3.1416) / 6.2832 * 3).long().clamp(max=2)
net = Deep()
net.eval()
print("parameters:", sum(p.numel() for p in net.parameters()))
print("outputs at the start:", net(x[:2]).tolist())
opt = torch.optim.SGD(net.parameters(), lr=0.05, momentum=0.9)

for epoch in range(12):
    for i in torch.randperm(1600).split(32):
        loss = nn.functional.cross_entropy(net(x[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    with torch.no_grad():
        print("epoch", epoch, "loss", loss.item(), "test", (net(x[1600:]).argmax(1) == y[1600:]).float().mean().item())
