"""Spam or not: 16-dimensional message features, one-logit network."""
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, TensorDataset


class SpamNet(nn.Module):
    def __init__(self, n_features=16):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(n_features, 32), nn.BatchNorm1d(32), nn.ReLU(), nn.Dropout(0.1),
            nn.Linear(32, 16), nn.ReLU(),
            nn.Linear(16, 1),
        )

    def forward(self, x):
        return self.net(x)


def get_data(n):
    x = torch.randn(n, 16)
    y = ((x[:, 0] * x[:, 1] + x[:, 2] - 0.5 * x[:, 3]) > 0).float().unsqueeze(1)
    return x, y


def binary_accuracy(logits, target):
    pred = torch.argmax(logits, dim=1)
    return (pred == target.squeeze(1)).float().mean().item()


def train(model, loader, optimizer, criterion):
    model.train()
    losses, accs = [], []
    for x, y in loader:
        optimizer.zero_grad()
        logits = model(x)
        loss = criterion(logits, y)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
        accs.append(binary_accuracy(logits, y))
    return sum(losses) / len(losses), sum(accs) / len(accs)


def validate(model, loader, criterion):
    model.eval()
    losses, accs = [], []
    with torch.no_grad():
        for x, y in loader:
            logits = model(x)
            losses.append(criterion(logits, y).item())
            accs.append(binary_accuracy(logits, y))
    return sum(losses) / len(losses), sum(accs) / len(accs)


if __name__ == "__main__":
    torch.manual_seed(2024)
    train_loader = DataLoader(TensorDataset(*get_data(2000)), batch_size=50, shuffle=True)
    val_loader = DataLoader(TensorDataset(*get_data(500)), batch_size=100)
    model = SpamNet()
    optimizer = optim.Adam(model.parameters(), lr=2e-3)
    criterion = nn.BCEWithLogitsLoss()
    for epoch in range(20):
        tr_loss, tr_acc = train(model, train_loader, optimizer, criterion)
        va_loss, va_acc = validate(model, val_loader, criterion)
        print(f"Epoch {epoch + 1:02d} | train loss {tr_loss:.3f} acc {tr_acc:.2f} | val loss {va_loss:.3f} acc {va_acc:.2f}")
