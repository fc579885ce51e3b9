import copy

import torch
import torch.nn as nn

torch.manual_seed(317)
x = torch.randn(1500, 8, 3)
y = (x[:, :, 0].sum(1) > x[:, :, 1].sum(1)).long()


class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 24, batch_first=True)
        self.fc = nn.Linear(24, 2)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


def find_lr(model, lo=1e-4, hi=10.0, steps=40):
    start = copy.deepcopy(model.state_dict())
    opt = torch.optim.SGD(model.parameters(), lr=lo, momentum=0.9)
    seen = []
    for k in range(steps):
        lr = lo * (hi / lo) ** (k / (steps - 1))
        opt.param_groups[0]["lr"] = lr
        idx = torch.randint(0, 1200, (64,))
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        seen.append((loss.item(), lr))
    model.load_state_dict(start)
    return min(seen)[1] / 3


model = M()
lr = find_lr(model)
print("suggested lr", lr)
opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
for epoch in range(15):
    for idx in torch.randperm(1200).split(32):
        loss = nn.functional.cross_entropy(model(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    print("epoch", epoch, loss.item())
with torch.no_grad():
    print("final accuracy", (model(x[1200:]).argmax(1) == y[1200:]).float().mean().item())
