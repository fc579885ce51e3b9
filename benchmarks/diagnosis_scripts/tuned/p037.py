import torch

torch.manual_seed(1)
n, d, h = 1000, 6, 32
x = torch.randn(n, d)
y = torch.sin(x[:, :1]) + 0.5 * x[:, 1:2] ** 2 - x[:, 2:3]
xt, yt = x[800:], y[800:]
x, y = x[:800], y[:800]

w1 = (torch.randn(d, h) * (2 / d) ** 0.5).requires_grad_()
b1 = torch.zeros(h, requires_grad=True)
w2 = (torch.randn(h, 1) * (1 / h) ** 0.5).requires_grad_()
b2 = torch.zeros(1, requires_grad=True)
lr = 0.02


def forward(x):
    return torch.relu(x @ w1 + b1) @ w2 + b2


for epoch in range(80):
    for idx in torch.randperm(800).split(32):
        loss = ((forward(x[idx]) - y[idx]) ** 2).mean()
        loss.backward()
        with torch.no_grad():
            for p in (w1, b1, w2, b2):
                p -= lr * p.grad
                p.grad = None
    if epoch % 10 == 9:
        print(epoch + 1, loss.item())
with torch.no_grad():
    print("target variance", yt.var().item(), "test mse", ((forward(xt) - yt) ** 2).mean().item())
