"""Damped pendulum x'' + 0.4 x' + 4 x = 0, x(0)=1, x'(0)=0, solved by a network without any data (float64)."""
import math

import torch

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)

K, C, T_END = 4.0, 0.4, 4.0
net = torch.nn.Sequential(
    torch.nn.Linear(1, 24),
    torch.nn.Tanh(),
    torch.nn.Linear(24, 24),
    torch.nn.Tanh(),
    torch.nn.Linear(24, 1),
)


def trial(t):
    # the start values are built in
    return 1 + t**2 * net(t / T_END)


def exact(t):
    w = math.sqrt(K - (C / 2) ** 2)
    return torch.exp(-C / 2 * t) * (torch.cos(w * t) + C / (2 * w) * torch.sin(w * t))


def residual(t):
    t = t.requires_grad_(True)
    x = trial(t)
    dx = torch.autograd.grad(x, t, torch.ones_like(x), create_graph=True)[0]
    ddx = torch.autograd.grad(dx, t, torch.ones_like(dx), create_graph=True)[0]
    return ddx + C * dx + K * x


grid = torch.linspace(0, T_END, 101)[:, None]


def error():
    with torch.no_grad():
        return (trial(grid) - exact(grid)).abs().max().item()


print("start: largest deviation", round(error(), 4))
adam = torch.optim.Adam(net.parameters(), lr=5e-3)
for step in range(600):
    adam.zero_grad()
    loss = residual(T_END * torch.rand(64, 1)).pow(2).mean()
    loss.backward()
    adam.step()
    if step % 100 == 0:
        print("adam", step, "residual", f"{loss.item():.5f}", "deviation", round(error(), 4))

collocation = torch.linspace(0, T_END, 80)[:, None]
lbfgs = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=20, line_search_fn="strong_wolfe")


def closure():
    lbfgs.zero_grad()
    loss = residual(collocation.clone()).pow(2).mean()
    loss.backward()
    return loss


for outer in range(12):
    value = lbfgs.step(closure)
    if outer % 3 == 0:
        print("lbfgs", outer, f"residual {value.item():.3e}", f"deviation {error():.6f}")
print("largest deviation from the exact solution", round(error(), 6))
