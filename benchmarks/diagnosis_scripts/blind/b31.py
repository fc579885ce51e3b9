import torch
import torch.nn.functional as F
from torch import nn, optim

torch.manual_seed(77)


def waves(n, length=30):
    """Three kinds of waveform, at a random phase."""
    kind = torch.randint(3, (n,))
    phase = torch.rand(n, 1) * 6.28
    t = torch.linspace(0, 12.56, length).unsqueeze(0)
    sine = torch.sin(t + phase)
    square = torch.sign(sine)
    saw = ((t + phase) % 6.28) / 3.14 - 1
    x = torch.stack([sine, square, saw], 1)[torch.arange(n), kind]
    return (x + 0.15 * torch.randn(n, length)).unsqueeze(2), kind


class WaveNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(input_size=1, hidden_size=24, num_layers=2)
        self.out = nn.Linear(24, 3)

    def forward(self, x):
        y, _ = self.gru(x)
        return self.out(y[:, -1])


x, y = waves(1500)
xv, yv = waves(300)
net = WaveNet()
opt = optim.Adam(net.parameters(), lr=4e-3)
for epoch in range(1, 16):
    net.train()
    perm = torch.randperm(len(x))
    for i in range(0, len(x), 30):
        idx = perm[i : i + 30]
        opt.zero_grad()
        loss = F.cross_entropy(net(x[idx]), y[idx])
        loss.backward()
        opt.step()
    net.eval()
    with torch.no_grad():
        acc = (net(xv).argmax(-1) == yv).float().mean()
    print(f"{epoch}: loss={loss.item():.3f} val_acc={acc:.3f}")
