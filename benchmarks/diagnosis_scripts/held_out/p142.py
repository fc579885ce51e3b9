import torch
import torch.nn as nn

torch.manual_seed(401)
STEPS = 40


def sample(n):
    x = torch.randn(n, STEPS, 1)
    y = torch.randint(0, 2, (n,))
    x[:, 0, 0] = 3.0 * (y * 2 - 1)
    return x, y


class Memory(nn.Module):
    def __init__(self, hidden=20):
        super().__init__()
        self.lstm = nn.LSTM(1, hidden, batch_first=True)
        for name, p in self.lstm.named_parameters():
            if "bias" in name:
                nn.init.zeros_(p)
                p.data[hidden:2 * hidden] = 1.5
        self.fc = nn.Linear(hidden, 2)

    def forward(self, x):
        _, (h, _) = self.lstm(x)
        return self.fc(h.squeeze(0))


net = Memory()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
ce = nn.CrossEntropyLoss()
for step in range(1, 351):
    x, y = sample(48)
    loss = ce(net(x), y)
    opt.zero_grad()
    loss.backward()
    nn.utils.clip_grad_value_(net.parameters(), 1.0)
    opt.step()
    if step % 50 == 0:
        xt, yt = sample(400)
        with torch.no_grad():
            print(step, round(loss.item(), 4), "acc", (net(xt).argmax(1) == yt).float().mean().item())
