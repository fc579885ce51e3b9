"""Barograph: classify the last 24 hourly readings (station pressure in Pa, temperature in K) as front / no front."""
import math

import torch
import torch.nn as nn
import torch.utils.data as tud

torch.manual_seed(52)


class Barograph(tud.Dataset):
    def __init__(self, n):
        t = torch.linspace(0, 1, 24)
        self.label = torch.randint(0, 2, (n,))
        where = torch.rand(n, 1) * 0.6 + 0.2
        dip = -torch.exp(-((t - where) / 0.12) ** 2) * (250 + 300 * torch.rand(n, 1)) * self.label[:, None]
        pressure = 101325 + 600 * torch.randn(n, 1) + 60 * torch.randn(n, 24) + dip
        temp = 283 + 5 * torch.randn(n, 1) + 4 * torch.sin(2 * math.pi * t) - 4 * self.label[:, None] * (t > where)
        self.series = torch.stack([pressure, temp + 0.8 * torch.randn(n, 24)], dim=2)

    def __len__(self):
        return len(self.label)

    def __getitem__(self, i):
        return self.series[i], self.label[i]


class FrontDetector(nn.Module):
    def __init__(self, hidden_dim=24, layer_dim=2, output_dim=2):
        super().__init__()
        self.hidden_dim, self.layer_dim = hidden_dim, layer_dim
        self.lstm = nn.LSTM(2, hidden_dim, layer_dim, batch_first=True)
        self.fc = nn.Linear(hidden_dim, output_dim)

    def forward(self, x):
        h0 = torch.zeros(self.layer_dim, x.size(0), self.hidden_dim)
        c0 = torch.zeros(self.layer_dim, x.size(0), self.hidden_dim)
        out, _ = self.lstm(x, (h0, c0))
        return self.fc(out[:, -1, :])


train_ds, test_ds = Barograph(1000), Barograph(400)
train_loader = tud.DataLoader(train_ds, batch_size=40, shuffle=True)
test_loader = tud.DataLoader(test_ds, batch_size=200)

model = FrontDetector()
error = nn.CrossEntropyLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.005)
count = 0
for epoch in range(10):
    for series, label in train_loader:
        optimizer.zero_grad()
        loss = error(model(series), label)
        loss.backward()
        optimizer.step()
        count += 1
        if count % 50 == 0:
            correct = sum((model(s).argmax(1) == l).sum().item() for s, l in test_loader)
            print("Iteration: {}  Loss: {:.4f}  Accuracy: {:.4f}".format(count, loss.item(), correct / len(test_ds)))
