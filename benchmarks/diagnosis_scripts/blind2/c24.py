import torch
import torch.nn as nn

torch.manual_seed(33)


class SetEncoder(nn.Module):
    """GRU over the items, a pooled summary, a scorer on top."""

    def __init__(self, d=16):
        super().__init__()
        self.inp = nn.Linear(3, d)
        self.gru = nn.GRU(d, d, batch_first=True)
        self.score = nn.Linear(d, 4)

    def pooled(self, states):
        rows = []
        for s in states:
            rows.append(s[-1].data)
        return torch.stack(rows)

    def forward(self, x):
        h = torch.tanh(self.inp(x))
        states, _ = self.gru(h)
        return self.score(self.pooled(states))


def problem(n):
    x = torch.randn(n, 9, 3)
    a = x[:, :, 0].sum(1) > 0
    b = (x[:, 4:, 1] * x[:, 4:, 2]).sum(1) > 0
    return x, a.long() * 2 + b.long()


X, y = problem(1500)
Xt, yt = problem(500)
net = SetEncoder()
optimizer = torch.optim.Adam(net.parameters(), lr=1e-2)
for epoch in range(20):
    for idx in torch.randperm(1500).split(50):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(X[idx]), y[idx])
        loss.backward()
        optimizer.step()
    if epoch % 4 == 3:
        print("epoch", epoch + 1, "loss", loss.item())
print("accuracy", (net(Xt).argmax(1) == yt).float().mean().item())
