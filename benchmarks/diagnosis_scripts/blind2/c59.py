"""Which cell learns the delayed copy faster, LSTM or GRU? Both are trained here."""
import torch
from torch import nn

results = {}


class CopyNet(nn.Module):
    def __init__(self, cell):
        super().__init__()
        self.rnn = getattr(nn, cell)(5, 32, batch_first=True)
        self.fc = nn.Linear(32, 5)

    def forward(self, x):
        return self.fc(self.rnn(x)[0])


def batch(n, delay=3, length=12):
    s = torch.randint(0, 5, (n, length))
    x = nn.functional.one_hot(s, 5).float()
    return x[:, :], torch.roll(s, delay, 1), delay


for cell in ("LSTM", "GRU"):
    torch.manual_seed(180)
    model = CopyNet(cell)
    opt = torch.optim.Adam(model.parameters(), lr=1e-2)
    for step in range(350):
        x, y, d = batch(32)
        loss = nn.functional.cross_entropy(model(x)[:, d:].reshape(-1, 5), y[:, d:].reshape(-1))
        opt.zero_grad()
        loss.backward()
        opt.step()
        if step % 70 == 0:
            print(cell, step, f"{loss.item():.3f}")
    with torch.no_grad():
        x, y, d = batch(400)
        results[cell] = (model(x)[:, d:].argmax(-1) == y[:, d:]).float().mean().item()
for cell, acc in results.items():
    print(cell, acc)
