import torch
from torch import nn
import torch.optim as optim

torch.set_default_dtype(torch.float64)
torch.manual_seed(44)
x = torch.linspace(-3, 3, 200).unsqueeze(1)
y = torch.sin(2 * x) * torch.exp(-0.1 * x ** 2) + 0.02 * torch.randn(200, 1)
holdout = torch.arange(200) % 4 == 1

net = nn.Sequential(nn.Linear(1, 20), nn.Tanh(), nn.Linear(20, 20), nn.Tanh(), nn.Linear(20, 1))
criterion = nn.MSELoss()
optimizer = optim.LBFGS(net.parameters(), lr=0.8, max_iter=10, history_size=20, line_search_fn="strong_wolfe")

for i in range(25):
    def closure():
        optimizer.zero_grad()
        loss = criterion(net(x[~holdout]), y[~holdout])
        loss.backward()
        return loss

    loss = optimizer.step(closure)
    if i % 5 == 0:
        print("step", i, "loss", loss.item())

with torch.no_grad():
    rest = criterion(net(x[holdout]), y[holdout]).item() / y[holdout].var().item()
print("unexplained share of the variance:", rest)
