"""Fit an anharmonic potential with a tiny network and L-BFGS."""
import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(0)


def potential(r):
    return (1 - torch.exp(-1.2 * (r - 1.5))) ** 2


r_train = torch.linspace(0.9, 4.5, 60).unsqueeze(1)
v_train = potential(r_train) + 0.01 * torch.randn(60, 1)
r_test = torch.rand(300, 1) * 3.5 + 0.95
v_test = potential(r_test)

net = torch.nn.Sequential(
    torch.nn.Linear(1, 20), torch.nn.Tanh(), torch.nn.Linear(20, 20), torch.nn.Tanh(), torch.nn.Linear(20, 1)
)
opt = torch.optim.LBFGS(net.parameters(), lr=0.5, max_iter=10, history_size=20, line_search_fn="strong_wolfe")
evaluations = 0


def closure():
    global evaluations
    evaluations += 1
    opt.zero_grad()
    loss = torch.mean((net((r_train - 2.5) / 1.2) - v_train) ** 2)
    loss.backward()
    return loss


for it in range(60):
    loss = opt.step(closure)
    if it % 10 == 0:
        print(it, evaluations, float(loss))
with torch.no_grad():
    err = torch.mean((net((r_test - 2.5) / 1.2) - v_test) ** 2)
print("R2 on new points", 1 - (err / v_test.var()).item())
