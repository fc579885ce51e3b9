"""Where does a robot arm's hand stand? Joint angles to co-ordinates."""

import torch
from torch import nn

SEED = 0
JOINTS = 3
WIDTH = 64
MOMENTUM = 0.9
RATE = 0.05
BATCH = 20
EPOCHS = 20

torch.manual_seed(SEED)


def poses(n):
    q = 2.6 * torch.rand(n, JOINTS) - 1.3
    total = q.cumsum(1)
    return q, torch.stack([total.cos().mean(1), total.sin().mean(1)], 1)


x, y = poses(1500)
x_new, y_new = poses(500)
net = nn.Sequential(nn.Linear(JOINTS, WIDTH), nn.Tanh(), nn.Linear(WIDTH, WIDTH), nn.Tanh(), nn.Linear(WIDTH, 2))
sgd = torch.optim.SGD(net.parameters(), lr=RATE, momentum=MOMENTUM)
for epoch in range(EPOCHS):
    for i in torch.randperm(len(x)).split(BATCH):
        loss = nn.functional.mse_loss(net(x[i]), y[i])
        loss.backward()
        sgd.step()
    print(epoch, loss.item())
with torch.no_grad():
    print("r2", 1 - nn.functional.mse_loss(net(x_new), y_new).item() / y_new.var().item())
