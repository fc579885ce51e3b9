import torch
from torch import nn

torch.manual_seed(19)

STEPS = 60
HIDDEN = 32


def ledger(batch):
    """(money in, number of the clerk) a step; target: all the money, standardised"""
    x = torch.rand(batch, STEPS, 2)
    return x, (x[:, :, 0].sum(1, keepdim=True) - STEPS / 2) / (STEPS / 12) ** 0.5


class Accountant(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, HIDDEN, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(HIDDEN, 1)
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(h[0])


net = Accountant()
sgd = torch.optim.SGD(net.parameters(), lr=0.003, momentum=0.9)
decay = torch.optim.lr_scheduler.StepLR(sgd, 150, gamma=0.4)
mse = nn.MSELoss()
val_x, val_y = ledger(200)
for it in range(501):
    x, y = ledger(32)
    loss = mse(net(x), y)
    sgd.zero_grad()
    loss.backward()
    sgd.step()
    decay.step()
    if it % 50 == 0:
        with torch.no_grad():
            val = mse(net(val_x), val_y).item()
        print(f"it {it} train mse {loss.item():.4f} val mse {val:.4f} val r2 {1 - val / val_y.var().item():.4f}")
