import torch
from torch import nn, autocast

torch.manual_seed(20)
x = torch.rand(2000, 12)
w = torch.randn(12, 5)
y = ((x - 0.5) @ w + 0.4 * torch.sin(6 * x[:, :5])).argmax(1)
net = nn.Sequential(nn.Linear(12, 64), nn.GELU(), nn.LayerNorm(64), nn.Linear(64, 64), nn.GELU(), nn.Linear(64, 5))
opt = torch.optim.AdamW(net.parameters(), lr=2e-3)
scaler = torch.amp.GradScaler("cpu", enabled=False)
for epoch in range(20):
    for rows in torch.randperm(1700).split(50):
        opt.zero_grad(set_to_none=True)
        with autocast("cpu", dtype=torch.bfloat16):
            out = net(x[rows])
            loss = nn.functional.cross_entropy(out.float(), y[rows])
        scaler.scale(loss).backward()
        scaler.step(opt)
        scaler.update()
    if epoch % 4 == 3:
        print("epoch", epoch + 1, "loss", round(loss.item(), 4))
with torch.inference_mode(), autocast("cpu", dtype=torch.bfloat16):
    print("accuracy on the rest", (net(x[1700:]).argmax(1) == y[1700:]).float().mean().item())
