import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(14)


def walks(n, length):
    """Steps of a walk in the plane, and where it ends along one direction."""
    steps = torch.rand(length, n, 2) * 2 - 1
    return steps, steps.sum(0) @ torch.tensor([0.3, -0.2])


class ReluRNN(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu")
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        self.fc = nn.Linear(hidden, 1)

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(y[-1])[:, 0]


model = ReluRNN(48)
optimizer = optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
x_test, y_test = walks(500, 50)
for it in range(1, 801):
    x, y = walks(32, 50)
    loss = nn.functional.mse_loss(model(x), y)
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    if it % 100 == 0:
        with torch.no_grad():
            test = nn.functional.mse_loss(model(x_test), y_test).item()
        print(f"iteration {it}  loss {loss.item():.4f}  test {test:.4f}")
