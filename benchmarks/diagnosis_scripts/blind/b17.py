import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(29)
n = 6000
x = torch.randn(n, 20)
teacher = nn.Sequential(nn.Linear(20, 24), nn.Tanh(), nn.Linear(24, 6))
with torch.no_grad():
    y = (4 * teacher(2 * x)).argmax(1)
train_set = TensorDataset(x[:5000], y[:5000])
loader = DataLoader(train_set, batch_size=len(train_set), shuffle=True)

student = nn.Sequential(nn.Linear(20, 64), nn.ReLU(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 6))
optimizer = torch.optim.Adam(student.parameters(), lr=1e-3)
criterion = nn.CrossEntropyLoss()
for epoch in range(25):
    for xb, yb in loader:
        optimizer.zero_grad()
        loss = criterion(student(xb), yb)
        loss.backward()
        optimizer.step()
    with torch.no_grad():
        accuracy = (student(x[5000:]).argmax(1) == y[5000:]).float().mean().item()
    print(f"epoch {epoch + 1}/25  loss {loss.item():.3f}  test accuracy {accuracy:.3f}")
