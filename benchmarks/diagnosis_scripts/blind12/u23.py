import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

torch.manual_seed(40)


def coin_tosses(n, length=10):
    """Toss sequences; at each toss the label says whether the number of heads so far is odd."""
    x = torch.randint(0, 2, (n, length))
    y = x.cumsum(1) % 2
    return x.float().unsqueeze(-1) * 2 - 1, y.float()


class ParityNet(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.hidden = hidden
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, 1)
        self.state = None

    def init_state(self, n):
        self.state = (torch.zeros(1, n, self.hidden), torch.zeros(1, n, self.hidden))

    def forward(self, x):
        if self.state is None or self.state[0].size(1) != x.size(0):
            self.init_state(x.size(0))
        out, state = self.lstm(x, self.state)
        self.state = tuple(s.detach() for s in state)
        return self.fc(out).squeeze(-1)


train = DataLoader(TensorDataset(*coin_tosses(1500)), batch_size=50, shuffle=True)
val = DataLoader(TensorDataset(*coin_tosses(400)), batch_size=50)

model = ParityNet()
criterion = nn.BCEWithLogitsLoss()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)

for epoch in range(15):
    model.train()
    running = 0.0
    for x, y in train:
        optimizer.zero_grad()
        loss = criterion(model(x), y)
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        running += loss.item()

    model.eval()
    good = total = 0
    with torch.no_grad():
        for x, y in val:
            p = model(x) > 0
            good += (p == (y > 0.5)).sum().item()
            total += y.numel()
    print(f"[{epoch + 1:2d}] loss={running / len(train):.4f} val_acc={good / total:.4f}")
