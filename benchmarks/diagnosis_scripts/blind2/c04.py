import torch
import torch.nn as nn

torch.manual_seed(21)
HIDDEN = 1500

w = torch.tensor([1.0, -0.8, 0.5, 0.0, 0.3])


def sample(n):
    x = torch.randn(n, 5)
    return x, x @ w + 1.3 * torch.randn(n)


x_train, y_train = sample(90)
x_test, y_test = sample(2000)

net = nn.Sequential(
    nn.Linear(5, HIDDEN), nn.ReLU(),
    nn.Linear(HIDDEN, HIDDEN), nn.ReLU(),
    nn.Linear(HIDDEN, 1),
)
print("parameters:", sum(p.numel() for p in net.parameters()))
optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)


def r2(x, y):
    with torch.no_grad():
        return 1 - ((net(x).squeeze(1) - y) ** 2).mean().item() / y.var().item()


for epoch in range(70):
    perm = torch.randperm(90)
    for chunk in perm.split(30):
        loss = ((net(x_train[chunk]).squeeze(1) - y_train[chunk]) ** 2).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    if epoch % 10 == 9:
        print(f"{epoch + 1}: train R2 {r2(x_train, y_train):.3f}  validation R2 {r2(x_test, y_test):.3f}")

print(f"final R2 on fresh records: {r2(x_test, y_test):.3f}")
