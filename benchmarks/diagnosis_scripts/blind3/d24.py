import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(9)


def conv_block(cin, cout, pool=False):
    layers = [nn.Conv1d(cin, cout, 3, padding=1), nn.BatchNorm1d(cout), nn.ReLU()]
    if pool:
        layers.append(nn.MaxPool1d(2))
    return nn.Sequential(*layers)


class ECGNet(nn.Module):
    """Beats of 64 samples, four kinds of rhythm."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            conv_block(1, 8), conv_block(8, 8, True),
            conv_block(8, 16), conv_block(16, 16, True),
            conv_block(16, 16), conv_block(16, 16, True),
            conv_block(16, 16), conv_block(16, 16),
        )
        self.classifier = nn.Linear(16 * 8, 4)

    def forward(self, x):
        return self.classifier(self.features(x).flatten(1))


def beats(n):
    kind = torch.randint(0, 4, (n,))
    t = torch.arange(64).float()
    centre = 20 + 24 * torch.rand(n, 1)
    width = torch.where(kind % 2 == 0, 1.5, 3.0).unsqueeze(1)
    wave = torch.exp(-((t - centre) / width) ** 2)
    second = torch.exp(-((t - centre - 10) / 2.0) ** 2) * (kind >= 2).float().unsqueeze(1)
    return (0.5 * wave + 0.35 * second + 0.08 * torch.randn(n, 64)).unsqueeze(1), kind


def evaluate(model, loader):
    model.eval()
    correct = total = 0
    with torch.no_grad():
        for x, y in loader:
            correct += (model(x).argmax(1) == y).sum().item()
            total += y.numel()
    return correct / total


train_loader = DataLoader(TensorDataset(*beats(1000)), batch_size=50, shuffle=True)
val_loader = DataLoader(TensorDataset(*beats(300)), batch_size=100)
model = ECGNet()
optimizer = torch.optim.SGD(model.parameters(), lr=0.02, momentum=0.9)
criterion = nn.CrossEntropyLoss()

print("before training:", evaluate(model, val_loader))
for epoch in range(10):
    running = 0.0
    for x, y in train_loader:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        optimizer.step()
        running += loss.item()
    print(f"[{epoch + 1}] loss: {running / len(train_loader):.3f}  val acc: {evaluate(model, val_loader):.3f}")
