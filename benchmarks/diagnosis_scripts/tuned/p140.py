import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset

EPOCHS = 1
BATCH = 32
torch.manual_seed(50)


def digits(n):
    """Sequences of 8 symbols, class = most frequent symbol of 5."""
    y = torch.randint(0, 5, (n,))
    s = torch.randint(0, 5, (n, 12))
    mask = torch.rand(n, 12) < 0.4
    s[mask] = y.unsqueeze(1).expand(-1, 12)[mask]
    counts = torch.stack([(s == k).sum(1) for k in range(5)], 1)
    return nn.functional.one_hot(s, 5).float(), counts.argmax(1)


xtr, ytr = digits(1000)
xva, yva = digits(300)
dl = DataLoader(TensorDataset(xtr, ytr), BATCH, shuffle=True)


class Counter(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(5, 64, batch_first=True)
        self.fc = nn.Linear(64, 5)

    def forward(self, x):
        return self.fc(self.lstm(x)[0][:, -1])


net = Counter()
opt = torch.optim.Adam(net.parameters(), lr=1e-3)
for epoch in range(EPOCHS):
    net.train()
    for i, (xb, yb) in enumerate(dl):
        loss = nn.functional.cross_entropy(net(xb), yb)
        opt.zero_grad()
        loss.backward()
        opt.step()
        if i % 5 == 0:
            print(f"epoch {epoch} batch {i}/{len(dl)} loss {loss.item():.4f}")
    net.eval()
    with torch.no_grad():
        print("val accuracy", (net(xva).argmax(1) == yva).float().mean().item())
