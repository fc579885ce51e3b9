import torch
from torch import nn

torch.manual_seed(14)


def survey(n):
    x = torch.randn(n, 8)
    y = torch.tanh(x[:, :1] - x[:, 3:4]) + 0.45 * torch.randn(n, 1)
    return x, y


x, y = survey(60)
x_test, y_test = survey(500)
hidden, depth = 512, 4
layers = [nn.Linear(8, hidden), nn.Tanh()]
for _ in range(depth - 1):
    layers += [nn.Linear(hidden, hidden), nn.Tanh()]
layers.append(nn.Linear(hidden, 1))
net = nn.Sequential(*layers)
print("parameters:", sum(p.numel() for p in net.parameters()), "records:", len(x))

opt = torch.optim.Adam(net.parameters(), lr=1e-3)
mse = nn.MSELoss()
for epoch in range(150):
    for idx in torch.randperm(60).split(20):
        loss = mse(net(x[idx]), y[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 15 == 14:
        with torch.no_grad():
            print(f"epoch {epoch + 1} train {mse(net(x), y).item():.3f} test mse {mse(net(x_test), y_test).item():.3f}")
