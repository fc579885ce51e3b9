"""Which width and rate for the stall predictor? Small grid, best on validation wins."""
import itertools
import torch
from torch import nn


def stall_data(n, gen):
    speed = torch.cumsum(torch.randn(n, 15, generator=gen) * 0.4, dim=1)
    pitch = torch.cumsum(torch.randn(n, 15, generator=gen) * 0.4, dim=1)
    y = ((pitch[:, -5:].mean(1) - speed[:, -5:].mean(1)) > 0.3).float()
    return torch.stack([speed, pitch], -1), y


class Stall(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.rnn = nn.GRU(2, width, batch_first=True)
        self.out = nn.Linear(width, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[1][-1]).squeeze(1)


def fit(width, lr, train, valid, epochs=6):
    torch.manual_seed(0)
    model = Stall(width)
    opt = torch.optim.Adam(model.parameters(), lr=lr)
    lossf = nn.BCEWithLogitsLoss()
    x, y = train
    for _ in range(epochs):
        model.train()
        for b in torch.randperm(len(x)).split(25):
            opt.zero_grad()
            lossf(model(x[b]), y[b]).backward()
            opt.step()
    model.eval()
    with torch.no_grad():
        return ((model(valid[0]) > 0) == (valid[1] > 0.5)).float().mean().item(), model


gen = torch.Generator().manual_seed(6)
train, valid, test = stall_data(800, gen), stall_data(200, gen), stall_data(300, gen)
results = {}
for width, lr in itertools.product([8, 24], [3e-3, 1e-2]):
    results[width, lr] = fit(width, lr, train, valid)
    print(f"width {width:3d} lr {lr:g}: valid {results[width, lr][0]:.3f}")
best = max(results, key=lambda k: results[k][0])
model = results[best][1]
with torch.no_grad():
    acc = ((model(test[0]) > 0) == (test[1] > 0.5)).float().mean().item()
print("best", best, "test accuracy", round(acc, 4))
