import torch
import torch.nn as nn

torch.manual_seed(320)
u = nn.Sequential(nn.Linear(1, 32), nn.Tanh(), nn.Linear(32, 32), nn.Tanh(), nn.Linear(32, 1))
opt = torch.optim.Adam(u.parameters(), lr=2e-3)
for it in range(1200):
    t = (3 * torch.rand(64, 1)).requires_grad_()
    v = u(t)
    dv = torch.autograd.grad(v.sum(), t, create_graph=True)[0]
    loss = ((dv + v) ** 2).mean() + 5 * (u(torch.zeros(1, 1)) - 1).pow(2).mean()
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 200 == 199:
        print(f"iter {it + 1} residual {loss.item():.3e}")
t = torch.linspace(0, 3, 50).unsqueeze(1)
with torch.no_grad():
    print("max error", (u(t) - torch.exp(-t)).abs().max().item())
