import torch
import torch.nn as nn
import torch.nn.functional as F

# Course exercise 4: how deep can you go? Classify points on three interleaved arms.
torch.manual_seed(0)

ARMS = 3
DEPTH = 9
WIDTH = 32


def arms(n):
    y = torch.randint(0, ARMS, (n,))
    r = torch.rand(n) * 0.9 + 0.1
    angle = 2.5 * r + 2 * torch.pi * y / ARMS + 0.1 * torch.randn(n)
    xy = torch.stack([r * angle.cos(), r * angle.sin()], 1)
    return (xy - xy.mean(0)) / xy.std(0), y


def make_mlp(depth, width):
    layers, n_in = [], 2
    for _ in range(depth):
        layers += [nn.Linear(n_in, width), nn.Sigmoid()]
        n_in = width
    return nn.Sequential(*layers, nn.Linear(n_in, ARMS))


x_train, y_train = arms(1500)
x_test, y_test = arms(600)
net = make_mlp(DEPTH, WIDTH)
for m in net:
    if isinstance(m, nn.Linear):
        nn.init.xavier_uniform_(m.weight)
        nn.init.zeros_(m.bias)
print(net)
opt = torch.optim.SGD(net.parameters(), lr=0.02, momentum=0.9)

for epoch in range(40):
    total = 0.0
    for idx in torch.randperm(len(x_train)).split(50):
        loss = F.cross_entropy(net(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    if epoch % 5 == 0:
        print(f"epoch {epoch}: loss {total / len(x_train):.4f}")

with torch.no_grad():
    acc = (net(x_test).argmax(1) == y_test).float().mean().item()
print("accuracy", acc)
