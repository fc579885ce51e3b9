"""Damped oscillator u'' + 2 c u' + w^2 u = 0, u(0)=1, u'(0)=0, solved by a network (PINN)."""
import torch

torch.manual_seed(101)
torch.set_default_dtype(torch.float64)

c, w = 0.4, 3.0
T = 3.0
wd = (w * w - c * c) ** 0.5


def exact(t):
    return torch.exp(-c * t) * (torch.cos(wd * t) + c / wd * torch.sin(wd * t))


net = torch.nn.Sequential(
    torch.nn.Linear(1, 24), torch.nn.Tanh(),
    torch.nn.Linear(24, 24), torch.nn.Tanh(),
    torch.nn.Linear(24, 1),
)
t = torch.linspace(0, T, 60).reshape(-1, 1).requires_grad_(True)
t0 = torch.zeros(1, 1, requires_grad=True)


def d(y, x):
    return torch.autograd.grad(y, x, torch.ones_like(y), create_graph=True)[0]


def residual_loss():
    u = net(t)
    du = d(u, t)
    ddu = d(du, t)
    physics = ((ddu + 2 * c * du + w * w * u) ** 2).mean()
    u0 = net(t0)
    start = (u0 - 1).pow(2).mean() + d(u0, t0).pow(2).mean()
    return 0.05 * physics + 5 * start


opt = torch.optim.LBFGS(net.parameters(), lr=1.0, max_iter=20, history_size=30, line_search_fn="strong_wolfe")


def closure():
    opt.zero_grad()
    loss = residual_loss()
    loss.backward()
    return loss


for it in range(40):
    loss = opt.step(closure)
    if it % 8 == 0:
        print(f"iter {it:3d} loss {loss.item():.3e}")

with torch.no_grad():
    grid = torch.linspace(0, T, 200).reshape(-1, 1)
    err = (net(grid) - exact(grid)).norm() / exact(grid).norm()
print(f"relative L2 error {err.item():.5f}")
