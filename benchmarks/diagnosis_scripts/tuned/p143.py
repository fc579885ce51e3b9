import torch
import torch.nn as nn

torch.manual_seed(313)
centres = torch.tensor([[5.0, 3.4, 1.5, 0.2], [5.9, 2.8, 4.3, 1.3], [6.6, 3.0, 5.6, 2.0]])
y = torch.arange(3).repeat(50)
X = centres[y] + torch.randn(150, 4) * torch.tensor([0.35, 0.3, 0.25, 0.12])
perm = torch.randperm(150)
X, y = X[perm], y[perm]
X_train, X_test, y_train, y_test = X[:100], X[100:], y[:100], y[100:]


class Iris(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc1 = nn.Linear(4, 16)
        self.fc2 = nn.Linear(16, 12)
        self.out = nn.Linear(12, 3)

    def forward(self, x):
        x = torch.relu(self.fc1(x))
        x = torch.relu(self.fc2(x))
        return self.out(x)


model = Iris()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
for i in range(300):
    y_pred = model(X_train)
    loss = criterion(y_pred, y_train)
    if i % 50 == 0:
        print(f"epoch: {i}  loss: {loss.item():.5f}")
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    acc = (model(X_test).argmax(1) == y_test).float().mean().item()
print("Test accuracy:", acc)
