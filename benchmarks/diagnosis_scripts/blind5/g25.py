# Water meter: total litres from 60 readings of (flow, valve open?). ReLU recurrent net, identity start, plain SGD.
# Trying to reproduce an IRNN figure from a paper on my own toy data.
import torch
import torch.nn as nn

torch.manual_seed(16)
T, N = 60, 64


def problem(n):
    flow = torch.rand(n, T)
    valve = (torch.rand(n, T) < torch.rand(n, 1)).float()
    return torch.stack([flow, valve], 2), (flow * valve).sum(1, keepdim=True) / 10


class IRNN(nn.Module):
    def __init__(self, hidden=32):
        super().__init__()
        self.rnn = nn.RNN(2, hidden, nonlinearity="relu", batch_first=True)
        self.fc = nn.Linear(hidden, 1)
        with torch.no_grad():
            self.rnn.weight_hh_l0.copy_(torch.eye(hidden))
            self.rnn.weight_ih_l0.normal_(0, 0.05)
            self.rnn.bias_hh_l0.zero_()
            self.rnn.bias_ih_l0.zero_()

    def forward(self, x):
        return self.fc(self.rnn(x)[0][:, -1])


X, Y = problem(2560)
Xv, Yv = problem(500)
net = IRNN()
opt = torch.optim.SGD(net.parameters(), lr=0.01, momentum=0.9)
print("baseline mse", round(Yv.var().item(), 4))
for epoch in range(12):
    total = 0.0
    for i in torch.randperm(len(X)).split(N):
        loss = nn.functional.mse_loss(net(X[i]), Y[i])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(i)
    with torch.no_grad():
        val = nn.functional.mse_loss(net(Xv), Yv).item()
    print(f"epoch {epoch} train {total / len(X):.4f} val mse {val:.4f}")
