import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

np.random.seed(1)
torch.manual_seed(1)

# room temperature in Kelvin, every 10 minutes; will the morning be warmer than average?
n, steps = 1000, 16
temps = 290 + 3 * np.random.randn(n, steps)
label = (temps[:, -6:].mean(1) > 290).astype(np.int64)

x = torch.tensor(temps, dtype=torch.float32).unsqueeze(-1)
y = torch.tensor(label)
train = DataLoader(TensorDataset(x[:800], y[:800]), batch_size=32, shuffle=True)
valid = DataLoader(TensorDataset(x[800:], y[800:]), batch_size=100)


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(1, 24, batch_first=True)
        self.head = nn.Linear(24, 2)

    def forward(self, seq):
        return self.head(self.rnn(seq)[0][:, -1])


model = Net()
optim = torch.optim.Adam(model.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()


def run(loader, training):
    model.train(training)
    correct, total, tot_loss = 0, 0, 0.0
    with torch.set_grad_enabled(training):
        for xb, yb in loader:
            logits = model(xb)
            loss = ce(logits, yb)
            if training:
                optim.zero_grad()
                loss.backward()
                optim.step()
            tot_loss += loss.item() * len(yb)
            correct += (logits.argmax(1) == yb).sum().item()
            total += len(yb)
    return tot_loss / total, correct / total


for epoch in range(1, 16):
    tl, ta = run(train, True)
    vl, va = run(valid, False)
    print(f"[{epoch:02d}] train loss {tl:.3f} acc {ta:.3f} | valid loss {vl:.3f}")
print("Valid acc", va)
