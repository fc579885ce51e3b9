import torch
import torch.nn as nn

torch.manual_seed(14)
SEQ = 60


class IRNN(nn.Module):
    """ReLU recurrent net with identity start (Le et al., 2015)."""

    def __init__(self, hidden=40):
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        with torch.no_grad():
            self.rnn.weight_hh_l0.copy_(torch.eye(hidden))
            self.rnn.bias_hh_l0.zero_()
            self.rnn.bias_ih_l0.zero_()
            self.rnn.weight_ih_l0.normal_(0, 0.05)
        self.out = nn.Linear(hidden, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1]).squeeze(-1)


def difference_problem(n):
    """How much more came in through the first channel than through the second?"""
    x = torch.rand(n, SEQ, 2)
    return x, (x[..., 0] - x[..., 1]).sum(1) / (SEQ / 6) ** 0.5


net = IRNN()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
for step in range(800):
    x, y = difference_problem(32)
    loss = nn.functional.mse_loss(net(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if step % 100 == 0:
        print(step, loss.item())
x, y = difference_problem(1000)
with torch.no_grad():
    print("R2:", (1 - nn.functional.mse_loss(net(x), y) / y.var()).item())
