import torch
from torch import nn

torch.manual_seed(13)


def transactions(n):
    x = torch.randn(n, 10, 4)
    s = x[:, :, 0].mean(1) + x[:, :, 2].mean(1) + 0.25 * torch.randn(n)
    fraud = (s > 0.94).long()
    return x, fraud


x_train, y_train = transactions(2000)
x_test, y_test = transactions(1500)
print("fraud rate", y_train.float().mean().item())


class FraudNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(4, 16, batch_first=True)
        self.fc = nn.Linear(16, 2)

    def forward(self, x):
        out, (h, c) = self.rnn(x)
        return self.fc(h[-1])


model = FraudNet()
criterion = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=2e-3)
for epoch in range(12):
    model.train()
    for idx in torch.randperm(len(x_train)).split(50):
        loss = criterion(model(x_train[idx]), y_train[idx])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    print("epoch", epoch, "loss", round(loss.item(), 4))

model.eval()
with torch.no_grad():
    p = model(x_test).argmax(1)
recall = [(p[y_test == c] == c).float().mean().item() for c in (0, 1)]
print("recall per class", recall)
print("balanced accuracy", sum(recall) / 2)
