import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset, random_split


class GaitClassifier(nn.Module):
    def __init__(self, input_dim=3, hidden_dim=40, n_classes=3):
        super().__init__()
        self.lstm = nn.LSTM(input_dim, hidden_dim, num_layers=1)
        self.fc = nn.Linear(hidden_dim, n_classes)

    def forward(self, x):
        lstm_out, _ = self.lstm(x)
        return self.fc(lstm_out[:, -1, :])


def make(n=1500, steps=24):
    y = torch.randint(0, 3, (n,))
    x = torch.randn(n, steps, 3)
    where = torch.randint(2, steps - 6, (n,))
    for i in range(n):
        x[i, where[i]:where[i] + 4, y[i]] += 2.5
    return TensorDataset(x, y)


if __name__ == "__main__":
    torch.manual_seed(101)
    train, valid = random_split(make(), [1200, 300])
    model = GaitClassifier()
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    loss_fn = nn.CrossEntropyLoss()
    train_loader = DataLoader(train, batch_size=30, shuffle=True)
    valid_loader = DataLoader(valid, batch_size=30)
    for epoch in range(15):
        model.train()
        for x, y in train_loader:
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
        model.eval()
        hits = 0
        with torch.no_grad():
            for x, y in valid_loader:
                hits += (model(x).argmax(-1) == y).sum().item()
        print(f"epoch {epoch} loss {loss.item():.4f} valid accuracy {hits / len(valid):.3f}")
