# Predictive maintenance without fault labels: LSTM autoencoder on healthy cycles, AUC on a mixed test set.
import numpy as np
import torch
import torch.nn as nn

np.random.seed(80)
torch.manual_seed(80)
T, K = 24, 3


def cycles(n, kind="normal"):
    t = np.arange(T) / T
    amp = np.random.uniform(0.7, 1.3, (n, 1))
    ph = np.random.uniform(-0.6, 0.6, (n, 1))
    a = amp * np.sin(2 * np.pi * t + ph)
    b = amp * np.cos(2 * np.pi * t + ph)
    c = a * b
    x = np.stack([a, b, c], -1)
    if kind == "fault":
        which = np.random.randint(0, 3, n)
        for i, w in enumerate(which):
            if w == 0:
                x[i, :, 2] *= -0.4
            elif w == 1:
                s = np.random.randint(0, T - 8)
                x[i, s : s + 8, 0] = x[i, s, 0]
            else:
                x[i, :, 1] = np.roll(x[i, :, 1], 5)
    return torch.tensor(x + 0.05 * np.random.randn(n, T, K), dtype=torch.float32)


class AE(nn.Module):
    def __init__(self, hidden=40, code=6):
        super().__init__()
        self.enc = nn.LSTM(K, hidden, batch_first=True)
        self.to_code = nn.Linear(hidden, code)
        self.from_code = nn.Linear(code, hidden)
        self.dec = nn.LSTM(hidden + 1, hidden, batch_first=True)
        self.out = nn.Linear(hidden, K)
        self.register_buffer("clock", torch.linspace(-1, 1, T)[None, :, None])

    def forward(self, x):
        code = self.to_code(self.enc(x)[1][0][-1])
        rep = torch.tanh(self.from_code(code))[:, None].expand(-1, T, -1)
        h, _ = self.dec(torch.cat([rep, self.clock.expand(len(x), -1, -1)], -1))
        return self.out(h)


train = cycles(1000)
normal, fault = cycles(300), cycles(300, "fault")
model = AE()
opt = torch.optim.Adam(model.parameters(), lr=5e-3)
sched = torch.optim.lr_scheduler.MultiStepLR(opt, [14, 20], 0.4)
for epoch in range(24):
    total = 0.0
    for b in torch.randperm(1000).split(32):
        loss = nn.functional.mse_loss(model(train[b]), train[b])
        opt.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        opt.step()
        total += loss.item() * len(b)
    sched.step()
    if epoch % 4 == 3:
        print(f"epoch {epoch + 1} reconstruction mse {total / 1000:.5f} (variance {train.var():.3f})")
with torch.no_grad():
    s0 = (model(normal) - normal).pow(2).mean((1, 2))
    s1 = (model(fault) - fault).pow(2).mean((1, 2))
auc = (s1[:, None] > s0[None]).float().mean().item()
print("anomaly AUC", round(auc, 4))
