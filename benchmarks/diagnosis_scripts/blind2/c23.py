import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(19)


def block(i, o):
    return nn.Sequential(nn.Linear(i, o, bias=False), nn.BatchNorm1d(o), nn.Sigmoid())


class BNNet(nn.Module):
    def __init__(self, depth=8, width=32):
        super().__init__()
        self.stem = block(4, width)
        self.blocks = nn.ModuleList([block(width, width) for _ in range(depth)])
        self.out = nn.Linear(width, 2)

    def forward(self, x):
        x = self.stem(x)
        for b in self.blocks:
            x = b(x)
        return self.out(x)


def rings(n):
    x = torch.randn(n, 4)
    return x, (x[:, :3].norm(dim=1) > 1.54).long()


train_x, train_y = rings(1500)
val_x, val_y = rings(600)
loader = DataLoader(TensorDataset(train_x, train_y), batch_size=50, shuffle=True)
model = BNNet()


def validate():
    model.eval()
    with torch.no_grad():
        return (model(val_x).argmax(1) == val_y).float().mean().item()


opt = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9)
model.train()
print("before training:", validate())
for epoch in range(1, 26):
    for x, y in loader:
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x), y)
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        print("epoch", epoch, "loss", round(loss.item(), 4), "val", validate())
print("validation accuracy", validate())
