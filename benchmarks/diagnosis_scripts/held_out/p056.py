import torch
import torch.nn as nn

torch.manual_seed(0)


def generate(n):
    """Accelerometer snippets: does the arm swing get faster or slower?"""
    y = torch.randint(0, 2, (n,))
    t = torch.linspace(0, 1, 30)
    rate = torch.where(y.bool()[:, None], 3 + 5 * t, 8 - 5 * t) * (0.8 + 0.4 * torch.rand(n, 1))
    phase = 6.28 * torch.rand(n, 1) + torch.cumsum(rate, 1) * 0.2
    x = torch.stack([torch.sin(phase), torch.cos(phase)], -1) + 0.4 * torch.randn(n, 30, 2)
    return x, y


x_train, y_train = generate(14)
x_test, y_test = generate(400)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 32, batch_first=True)
        self.fc = nn.Linear(32, 2)

    def forward(self, x):
        out, _ = self.lstm(x)
        return self.fc(out[:, -1])


model = Net()
opt = torch.optim.Adam(model.parameters(), lr=0.005)
crit = nn.CrossEntropyLoss()
for epoch in range(200):
    model.train()
    for idx in torch.randperm(len(x_train)).split(32):
        loss = crit(model(x_train[idx]), y_train[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
    if epoch % 5 == 0:
        model.eval()
        with torch.no_grad():
            out = model(x_test)
            acc = (out.argmax(1) == y_test).float().mean().item()
            print(f"epoch {epoch} train {loss.item():.4f} val {crit(out, y_test).item():.4f}")
print("test accuracy", acc)
