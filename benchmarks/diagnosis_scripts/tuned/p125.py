import torch
import torch.nn as nn
import torch.optim as optim

torch.manual_seed(135)
x = torch.randn(1500, 16, 2)
y = (x[:, -8:, 0].mean(1) > 0.05).float().view(-1, 1)


class Detector(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(2, 24, batch_first=True)
        self.fc = nn.Linear(24, 1)

    def forward(self, x):
        _, h = self.rnn(x)
        return self.fc(h[-1])


model = Detector()
criterion = nn.BCEWithLogitsLoss()
optimizer = optim.Adam(model.parameters(), lr=0.003)
for epoch in range(12):
    model.train()
    for idx in torch.randperm(1200).split(40):
        optimizer.zero_grad()
        loss = criterion(model(x[idx]), y[idx])
        loss.backward()
        optimizer.step()
    model.eval()
    with torch.no_grad():
        outputs = model(x[1200:])
        test_loss = criterion(outputs, y[1200:])
        predicted = outputs.round()
        acc = (predicted == y[1200:]).float().mean().item()
    print(f"Epoch {epoch + 1} Loss: {test_loss.item():.4f} Accuracy: {acc:.4f}")
