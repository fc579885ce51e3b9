"""Temporal order problem (Hochreiter & Schmidhuber, task 6a, shortened)."""
import torch
import torch.nn as nn

torch.manual_seed(241)


def temporal_order(n, length=24):
    noise = torch.randint(0, 4, (n, length))
    a, b = torch.randint(0, 2, (n,)), torch.randint(0, 2, (n,))
    rows = torch.arange(n)
    noise[rows, torch.randint(2, 8, (n,))] = 4 + a
    noise[rows, torch.randint(12, 18, (n,))] = 4 + b
    return nn.functional.one_hot(noise, 6).float(), 2 * a + b


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(6, 24, batch_first=True)
        self.out = nn.Linear(24, 4)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])


net = Net()
with torch.no_grad():
    net.rnn.bias_ih_l0[24:48].fill_(1.0)
optim = torch.optim.Adam(net.parameters(), lr=3e-3)
for step in range(1, 1101):
    x, y = temporal_order(50)
    loss = nn.functional.cross_entropy(net(x), y)
    optim.zero_grad()
    loss.backward()
    optim.step()
    if step % 100 == 0:
        print(step, "loss", round(loss.item(), 4))
x, y = temporal_order(1000)
print("accuracy", (net(x).argmax(1) == y).float().mean().item())
