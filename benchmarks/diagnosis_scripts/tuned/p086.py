import torch
from torch import nn

torch.manual_seed(315)
x = torch.randn(1600, 8)
y = (x[:, :4].pow(2).sum(1) > 3.4).long()
net = nn.Sequential(nn.Linear(8, 96), nn.ReLU(), nn.Linear(96, 96), nn.ReLU(), nn.Linear(96, 2))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3, weight_decay=0.05)
for epoch in range(15):
    for idx in torch.randperm(1300).split(32):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = nn.functional.cross_entropy(net(x[idx]), y[idx])
        opt.zero_grad(set_to_none=True)
        loss.backward()
        opt.step()
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        acc = (net(x[1300:]).argmax(1) == y[1300:]).float().mean().item()
    print(epoch, float(loss), "acc", acc)
