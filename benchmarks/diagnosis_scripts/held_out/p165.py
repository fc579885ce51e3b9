import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel

torch.manual_seed(405)
x = torch.rand(1500, 3) * 2 - 1
y = torch.sin(4 * x[:, :1]) + x[:, 1:2].abs() * x[:, 2:] + 0.1 * torch.randn(1500, 1)
net = nn.Sequential(nn.Linear(3, 64), nn.Tanh(), nn.Linear(64, 64), nn.Tanh(), nn.Linear(64, 1))
avg = AveragedModel(net)
opt = torch.optim.SGD(net.parameters(), lr=0.03, momentum=0.9, nesterov=True)
sched = torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(opt, T_0=10)
for epoch in range(40):
    for idx in torch.randperm(1200).split(40):
        loss = nn.functional.mse_loss(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    sched.step()
    if epoch >= 20:
        avg.update_parameters(net)
    if epoch % 8 == 7:
        print("epoch", epoch + 1, "loss", loss.item())
with torch.no_grad():
    print("swa test", nn.functional.mse_loss(avg(x[1200:]), y[1200:]).item())
