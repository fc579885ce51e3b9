import torch
import torch.nn as nn

torch.manual_seed(2)


def init_weights(m):
    if isinstance(m, nn.Linear):
        nn.init.zeros_(m.weight)
        nn.init.zeros_(m.bias)


class MLP(nn.Module):
    def __init__(self):
        super().__init__()
        self.l1 = nn.Linear(15, 50)
        self.l2 = nn.Linear(50, 50)
        self.l3 = nn.Linear(50, 5)
        self.apply(init_weights)

    def forward(self, x):
        x = torch.relu(self.l1(x))
        x = torch.relu(self.l2(x))
        return self.l3(x)


y = torch.randint(0, 5, (1500,))
x = (torch.randn(5, 15) * 0.9)[y] + torch.randn(1500, 15)
model = MLP()
optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
for epoch in range(20):
    perm = torch.randperm(1200)
    for k in range(0, 1200, 40):
        b = perm[k:k + 40]
        loss = nn.functional.cross_entropy(model(x[b]), y[b])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("Epoch: %d, loss: %1.5f" % (epoch, loss.item()))
with torch.no_grad():
    print("accuracy:", (model(x[1200:]).argmax(1) == y[1200:]).float().mean().item())
