import torch
import torch.nn as nn


class DeepNet(nn.Module):
    def __init__(self, n_in, width, n_hidden):
        super().__init__()
        self.hidden = []
        size = n_in
        for _ in range(n_hidden):
            self.hidden.append(nn.Linear(size, width))
            size = width
        self.last = nn.Linear(size, 1)

    def forward(self, x):
        for layer in self.hidden:
            x = torch.relu(layer(x))
        return self.last(x)


torch.manual_seed(140)
x = torch.rand(1400, 4) * 4 - 2
y = torch.sin(2 * x[:, :1]) * torch.cos(x[:, 1:2]) + 0.3 * x[:, 2:3] * x[:, 3:]
net = DeepNet(4, 24, 3)
opt = torch.optim.Adam(net.parameters(), lr=3e-3)
mse = nn.MSELoss()
for epoch in range(50):
    for idx in torch.randperm(1200).split(48):
        loss = mse(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 10 == 9:
        with torch.no_grad():
            print("epoch", epoch + 1, "validation loss", mse(net(x[1200:]), y[1200:]).item())
