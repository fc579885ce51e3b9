import torch
import torch.nn as nn

torch.manual_seed(312)


class Net(nn.Module):
    def __init__(self, n_out):
        super().__init__()
        self.backbone = nn.GRU(4, 32, batch_first=True)
        self.head = nn.Linear(32, n_out)

    def forward(self, x):
        return self.head(self.backbone(x)[1][-1])


def loop(net, opt, x, y, crit, epochs, tag):
    for e in range(epochs):
        for idx in torch.randperm(len(x)).split(32):
            loss = crit(net(x[idx]), y[idx])
            opt.zero_grad()
            loss.backward()
            opt.step()
        print(tag, e, round(loss.item(), 4))


x = torch.randn(2400, 10, 4)
means = x.mean(1) * 3
net = Net(4)
loop(net, torch.optim.Adam(net.parameters(), 5e-3), x[:1500], means[:1500], nn.MSELoss(), 12, "pretrain")

y = (means[:, 0] + means[:, 1] > means[:, 2]).long()
net.head = nn.Linear(32, 2)
opt = torch.optim.Adam([
    {"params": net.backbone.parameters(), "lr": 1e-5},
    {"params": net.head.parameters(), "lr": 1e-2},
])
loop(net, opt, x[1500:2000], y[1500:2000], nn.CrossEntropyLoss(), 15, "finetune")
with torch.no_grad():
    print("acc", (net(x[2000:]).argmax(1) == y[2000:]).float().mean().item())
