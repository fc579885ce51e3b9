import torch
import torch.nn as nn

torch.manual_seed(407)
x = torch.randn(1500, 16)
y = (x[:, 0] * x[:, 1] + x[:, 2] > 0).long()
nets = nn.ModuleList([nn.Sequential(nn.Linear(16, 64), nn.ReLU(), nn.Dropout(0.1), nn.Linear(64, 2)) for _ in range(3)])
opts = [torch.optim.Adam(n.parameters(), lr=lr, weight_decay=1e-3) for n, lr in zip(nets, (1e-3, 3e-3, 1e-2))]
for epoch in range(12):
    nets.train()
    for idx in torch.randperm(1200).split(32):
        losses = [nn.functional.cross_entropy(n(x[idx]), y[idx]) for n in nets]
        for o in opts:
            o.zero_grad()
        sum(losses).backward()
        for o in opts:
            o.step()
    nets.eval()
    with torch.no_grad():
        prob = sum(n(x[1200:]).softmax(1) for n in nets)
    print(epoch, [round(l.item(), 3) for l in losses], "ensemble", (prob.argmax(1) == y[1200:]).float().mean().item())
