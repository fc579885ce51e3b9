import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(12)
STEPS = 60


def batch(n):
    x = torch.zeros(n, STEPS, 2)
    x[:, :, 0] = torch.randn(n, STEPS)
    first = torch.randint(0, 2, (n,))
    x[:, 0, 1] = first * 2.0 - 1.0
    return x, first


class Recall(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.RNN(2, 32, batch_first=True)
        self.fc = nn.Linear(32, 2)

    def forward(self, x):
        out, _ = self.rnn(x)
        return self.fc(out[:, -1])


model = Recall()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
for step in range(400):
    x, y = batch(64)
    loss = F.cross_entropy(model(x), y)
    opt.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    opt.step()
    if step % 50 == 49:
        xv, yv = batch(500)
        with torch.no_grad():
            print(f"step {step + 1} loss {loss.item():.4f} acc {(model(xv).argmax(1) == yv).float().mean():.3f}")
