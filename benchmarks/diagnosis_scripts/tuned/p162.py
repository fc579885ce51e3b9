import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(71)
# how many ones are there in a word of eight bits, one bit a step
bits = torch.randint(0, 2, (2000, 8))
x = (bits * 2 - 1).float().unsqueeze(-1)
y = bits.sum(1)
loader = DataLoader(TensorDataset(x[:1600], y[:1600]), batch_size=32, shuffle=True, drop_last=True)


class BitNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(1, 16, batch_first=True)
        self.fc = nn.Linear(16, 9)

    def forward(self, x, hidden=None):
        out, hidden = self.lstm(x, hidden)
        return self.fc(out[:, -1]), hidden


net = BitNet()
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
loss_fn = nn.CrossEntropyLoss()
for epoch in range(20):
    total = 0
    hidden = None
    for xb, yb in loader:
        if hidden is not None:
            hidden = tuple(h.detach() for h in hidden)
        out, hidden = net(xb, hidden)
        loss = loss_fn(out, yb)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        total += loss.item()
    with torch.no_grad():
        pred = net(x[1600:])[0].argmax(1)
    print(f"epoch {epoch} loss {total / len(loader):.3f} acc {(pred == y[1600:]).float().mean():.3f}")
