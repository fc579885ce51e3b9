import torch
import torch.nn as nn
import torch.optim as optim
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(18)
n = 1500
y = torch.randint(0, 3, (n,))
t = torch.arange(20).float()
slope = torch.tensor([-0.15, 0.0, 0.15])[y].unsqueeze(1)
x = (slope * t + torch.randn(n, 1) + 0.6 * torch.randn(n, 20)).unsqueeze(-1)
loader = DataLoader(TensorDataset(x[:1200], y[:1200]), batch_size=30, shuffle=True)


class TrendNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=32, batch_first=True)
        self.fc1 = nn.Linear(32, 16)
        self.fc2 = nn.Linear(16, 3)

    def forward(self, x):
        _, (hn, _) = self.lstm(x)
        return self.fc2(torch.relu(self.fc1(hn[-1])))


net = TrendNet()
criterion = nn.NLLLoss()
optimizer = optim.Adam(net.parameters(), lr=0.002)
for epoch in range(12):
    running_loss = 0.0
    for inputs, labels in loader:
        optimizer.zero_grad()
        outputs = net(inputs)
        loss = criterion(outputs, labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    with torch.no_grad():
        acc = (net(x[1200:]).argmax(1) == y[1200:]).float().mean().item()
    print(f"[{epoch + 1}] loss: {running_loss / len(loader):.3f} accuracy {acc:.3f}")
