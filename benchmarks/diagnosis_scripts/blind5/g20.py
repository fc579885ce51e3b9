"""Dead reckoning: from a short burst of wheel-encoder ticks to the distance covered (normalised)."""
import torch
import torch.nn as nn

torch.manual_seed(99)

BURST, BATCH = 8, 50


def bursts(n):
    ticks = torch.rand(n, BURST, 2) * 2 - 1
    distance = ticks.sum(dim=(1, 2)) / 4
    return ticks, distance


class Odometer(nn.Module):
    def __init__(self, hidden=24):
        super().__init__()
        self.rnn = nn.GRU(2, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 1)
        self.state = None

    def reset(self):
        self.state = None

    def forward(self, x):
        out, state = self.rnn(x, self.state)
        self.state = state.detach()
        return self.head(out[:, -1]).squeeze(1)


x, y = bursts(1500)
xv, yv = bursts(500)
model = Odometer()
optimiser = torch.optim.Adam(model.parameters(), lr=0.004)
mse = nn.MSELoss()

for epoch in range(16):
    model.train()
    model.reset()
    total = 0.0
    for idx in torch.randperm(len(x)).split(BATCH):
        loss = mse(model(x[idx]), y[idx])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        total += loss.item()
    if epoch % 3 == 0:
        print(f"epoch {epoch} mse {total / (len(x) / BATCH):.4f}")

model.eval()
model.reset()
with torch.no_grad():
    errors = torch.cat([(model(a) - b).abs() for a, b in zip(xv.split(BATCH), yv.split(BATCH))])
print("mean absolute error:", round(errors.mean().item(), 4), "of a spread of", round(yv.std().item(), 4))
print("relative error", round((errors.mean() / yv.std()).item(), 4))
