import torch
from torch import nn
import torch.nn.functional as F

torch.manual_seed(10)


class DeepNet(nn.Module):
    """Twelve hidden layers for the spiral exercise."""

    def __init__(self, depth=12, width=40):
        super().__init__()
        dims = [2] + [width] * depth
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(dims, dims[1:]))
        for layer in self.hidden:
            nn.init.kaiming_normal_(layer.weight)
            nn.init.zeros_(layer.bias)
        self.last = nn.Linear(width, 3)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.sigmoid(layer(x))
        return self.last(x)


def spiral(n):
    k = torch.randint(0, 3, (n,))
    r = torch.rand(n).sqrt()
    a = r * 4 + k * 2 * torch.pi / 3 + 0.12 * torch.randn(n)
    return torch.stack([r * a.cos(), r * a.sin()], 1) * 2, k


X, y = spiral(1500)
Xv, yv = spiral(600)
net = DeepNet()
opt = torch.optim.SGD(net.parameters(), lr=0.004, momentum=0.9)
for epoch in range(1, 41):
    for i in torch.randperm(1500).split(50):
        loss = F.cross_entropy(net(X[i]), y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        print(epoch, "%.4f" % loss.item())
print("validation accuracy: %.3f" % (net(Xv).argmax(1) == yv).float().mean().item())
