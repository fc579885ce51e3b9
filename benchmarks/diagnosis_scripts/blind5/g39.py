import torch
import torch.nn as nn
from torch.utils.data import Dataset, DataLoader


class ChurnData(Dataset):
    """Synthetic telecom customers. Label 1 = left within the quarter."""

    def __init__(self, n, seed):
        g = torch.Generator().manual_seed(seed)
        self.X = torch.randn(n, 8, generator=g)
        score = 1.5 * self.X[:, 0] - 2 * self.X[:, 1] * (self.X[:, 2] > 0) + self.X[:, 3].abs() - 0.8
        self.y = (score > 0).float().unsqueeze(1)

    def __len__(self):
        return len(self.X)

    def __getitem__(self, idx):
        return self.X[idx], self.y[idx]


class BinaryClassifier(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer_1 = nn.Linear(8, 64)
        self.layer_2 = nn.Linear(64, 64)
        self.layer_out = nn.Linear(64, 1)
        self.relu = nn.ReLU()
        self.batchnorm1 = nn.BatchNorm1d(64)
        self.batchnorm2 = nn.BatchNorm1d(64)

    def forward(self, inputs):
        x = self.batchnorm1(self.relu(self.layer_1(inputs)))
        x = self.batchnorm2(self.relu(self.layer_2(x)))
        return self.layer_out(x)


def binary_acc(y_pred, y_test):
    y_pred_tag = torch.round(torch.sigmoid(y_pred)).squeeze()
    return (y_pred_tag == y_test).float().mean()


torch.manual_seed(69)
train_loader = DataLoader(ChurnData(1600, 1), batch_size=64, shuffle=True)
test_loader = DataLoader(ChurnData(512, 2), batch_size=64)
model = BinaryClassifier()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.003)

for e in range(1, 16):
    model.train()
    epoch_loss = 0
    epoch_acc = 0
    for X_batch, y_batch in train_loader:
        optimizer.zero_grad()
        y_pred = model(X_batch)
        loss = criterion(y_pred, y_batch)
        acc = binary_acc(y_pred, y_batch)
        loss.backward()
        optimizer.step()
        epoch_loss += loss.item()
        epoch_acc += acc.item()
    print(f"Epoch {e+0:03}: | Loss: {epoch_loss/len(train_loader):.5f} | Acc: {epoch_acc/len(train_loader):.3f}")

model.eval()
with torch.no_grad():
    accs = [binary_acc(model(xb), yb).item() for xb, yb in test_loader]
print(f"Test acc: {sum(accs) / len(accs):.3f}")
