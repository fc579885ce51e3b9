# spoken command spotting, 12 commands, MFCC-like frames. To be exported to a microcontroller later.
import numpy as np
import torch
import torch.nn as nn

np.random.seed(1)
torch.manual_seed(1)

COMMANDS = "yes no up down left right on off stop go open close".split()
T, C = 16, 10
protos = np.random.randn(len(COMMANDS), 4, C)


def clip(k):
    idx = np.clip((np.arange(T) * np.random.uniform(0.8, 1.2) / 4).astype(int), 0, 3)
    return protos[k][idx] + 0.6 * np.random.randn(T, C)


def build(n):
    y = np.random.randint(len(COMMANDS), size=n)
    x = np.stack([clip(k) for k in y])
    return torch.tensor(x, dtype=torch.float32), torch.tensor(y)


train_x, train_y = build(2000)
val_x, val_y = build(500)


class Spotter(nn.Module):
    def __init__(self, hidden):
        super().__init__()
        self.gru = nn.GRU(C, hidden, batch_first=True)
        self.fc = nn.Linear(hidden, len(COMMANDS))

    def forward(self, x):
        _, h = self.gru(x)
        return self.fc(h.squeeze(0))


HIDDEN = 2
model = Spotter(HIDDEN)
print("parameters:", sum(p.numel() for p in model.parameters()))
opt = torch.optim.Adam(model.parameters(), lr=1e-2)
sched = torch.optim.lr_scheduler.StepLR(opt, 8, 0.5)
ce = nn.CrossEntropyLoss()
best = 0.0
for epoch in range(24):
    model.train()
    losses = []
    for b in torch.randperm(len(train_x)).split(50):
        loss = ce(model(train_x[b]), train_y[b])
        opt.zero_grad()
        loss.backward()
        opt.step()
        losses.append(loss.item())
    sched.step()
    model.eval()
    with torch.no_grad():
        acc = (model(val_x).argmax(1) == val_y).float().mean().item()
    best = max(best, acc)
    if epoch % 3 == 2:
        print("epoch", epoch + 1, "loss %.3f" % np.mean(losses), "val acc %.3f" % acc)
print("best val acc %.4f" % best)
