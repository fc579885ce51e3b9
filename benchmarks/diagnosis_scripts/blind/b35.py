import numpy as np
import torch
from torch import nn

rng = np.random.default_rng(41)
torch.manual_seed(41)
n, steps = 1200, 15
# three sensors of a pump; the third one measures flow, sometimes zero
base = rng.normal(size=(n, steps, 2)).cumsum(1) * 0.4
flow = np.exp(rng.normal(0, 0.5, size=(n, steps)))
flow[rng.random((n, steps)) < 0.01] = 0.0
wear = base[:, -1, 0] - base[:, 0, 1] + np.log(flow + 0.1)[:, -5:].mean(1)
eps = 0.0
with np.errstate(divide="ignore", invalid="ignore"):
    log_flow = np.log(flow + eps)
x = torch.tensor(np.concatenate([base, log_flow[..., None]], 2), dtype=torch.float32)
y = torch.tensor((wear - wear.mean()) / wear.std(), dtype=torch.float32)


class Wear(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(3, 24, batch_first=True)
        self.out = nn.Linear(24, 1)

    def forward(self, x):
        return self.out(self.rnn(x)[0][:, -1])[:, 0]


net = Wear()
opt = torch.optim.Adam(net.parameters(), lr=5e-3)
for epoch in range(20):
    total = 0.0
    for i in torch.randperm(1000).split(25):
        opt.zero_grad()
        loss = nn.functional.mse_loss(net(x[i]), y[i])
        loss.backward()
        opt.step()
        total += loss.item()
    with torch.no_grad():
        test = nn.functional.mse_loss(net(x[1000:]), y[1000:]).item()
    print("epoch", epoch, "train", total / 40, "test", test)
