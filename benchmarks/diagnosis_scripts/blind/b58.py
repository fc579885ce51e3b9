import torch
import torch.nn as nn

torch.manual_seed(23)


def shops(n):
    """Two weeks of (scaled) footfall and weather; the target is next week's turnover in euros."""
    x = torch.randn(n, 14, 2)
    level = x[:, :, 0].mean(1) * 3.7 + 0.5 * x[:, -3:, 1].mean(1)
    return x, 42000 + 9000 * level + 500 * torch.randn(n)


x, y = shops(1200)
vx, vy = shops(300)
scale, shift = 1.0, 0.0

gru = nn.GRU(2, 32, batch_first=True)
head = nn.Linear(32, 1)
params = list(gru.parameters()) + list(head.parameters())
opt = torch.optim.Adam(params, lr=2e-3)
mse = nn.MSELoss()

for epoch in range(30):
    for b in torch.randperm(len(x)).chunk(40):
        _, h = gru(x[b])
        loss = mse(head(h[-1]).squeeze(1), (y[b] - shift) / scale)
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 4:
        print("epoch", epoch + 1, "loss", loss.item())

with torch.no_grad():
    p = head(gru(vx)[1][-1]).squeeze(1) * scale + shift
    print("validation R2", (1 - ((p - vy) ** 2).sum() / ((vy - vy.mean()) ** 2).sum()).item())
