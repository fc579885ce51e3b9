"""A plain RNN learns to mimic an analogue low-pass filter, sample by sample."""
import torch
import torch.nn as nn

torch.manual_seed(3)

T = 60


def batch(n):
    x = torch.randn(n, T, 1)
    y = torch.zeros(n, T, 1)
    level = torch.zeros(n, 1)
    for t in range(T):
        level = 0.8 * level + 0.5 * x[:, t]
        y[:, t] = level
    return x, y


class Filter(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.rnn = nn.RNN(1, hidden, nonlinearity="relu", batch_first=True)
        self.out = nn.Linear(hidden, 1)
        nn.init.eye_(self.rnn.weight_hh_l0)

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.out(y)


model = Filter()
optimizer = torch.optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
mse = nn.MSELoss()
test_x, test_y = batch(200)
print(f"variance of the target {test_y.var().item():.4f}")

for step in range(1, 301):
    x, y = batch(40)
    optimizer.zero_grad()
    loss = mse(model(x), y)
    loss.backward()
    optimizer.step()
    if step % 30 == 0:
        with torch.no_grad():
            test = mse(model(test_x), test_y).item()
        print(f"step {step}  train {loss.item():.4f}  test {test:.4f}")
