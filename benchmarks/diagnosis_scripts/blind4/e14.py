"""How far did the walker get? Sum of the marked steps in a sequence."""
import argparse
import torch
from torch import nn


def sample(n, length, gen):
    steps = torch.rand(n, length, generator=gen)
    marks = (torch.rand(n, length, generator=gen) < torch.rand(n, 1, generator=gen)).float()
    return torch.stack([steps, marks], -1), (steps * marks).sum(1, keepdim=True) / 5


class Adder(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        nn.init.eye_(self.rnn.weight_hh_l0)
        nn.init.normal_(self.rnn.weight_ih_l0, std=0.1)
        nn.init.zeros_(self.rnn.bias_hh_l0)
        nn.init.zeros_(self.rnn.bias_ih_l0)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.head(y[:, -1])


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--hidden", type=int, default=64)
    ap.add_argument("--length", type=int, default=40)
    ap.add_argument("--steps", type=int, default=600)
    ap.add_argument("--lr", type=float, default=0.01)
    a = ap.parse_args()
    torch.manual_seed(1)
    gen = torch.Generator().manual_seed(1)
    model = Adder(a.hidden)
    optimizer = torch.optim.SGD(model.parameters(), lr=a.lr, momentum=0.9)
    criterion = nn.MSELoss()
    for step in range(a.steps):
        x, y = sample(32, a.length, gen)
        loss = criterion(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 100 == 0:
            print(step, loss.item())
    with torch.no_grad():
        x, y = sample(500, a.length, gen)
        print("test mse:", criterion(model(x), y).item())


if __name__ == "__main__":
    main()
