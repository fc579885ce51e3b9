# Self-supervised pretraining on unlabelled pulse recordings, then a linear probe on a few labels.
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
rng = np.random.default_rng(3)
T = 48


def recording(kind):
    t = np.arange(T)
    rate = rng.uniform(5.5, 7.5)
    phase = rng.uniform(0, rate)
    beat = np.exp(-0.5 * (((t + phase) % rate) - rate / 2) ** 2 / 0.8)
    if kind == 1:  # every second beat is weak
        second = ((t + phase) // rate) % 2
        beat = beat * (1 - 0.6 * second)
    if kind == 2:  # a slow wave below the beats
        beat = beat + 0.4 * np.sin(2 * np.pi * t / rng.uniform(18, 26) + rng.uniform(0, 6))
    return beat + 0.08 * rng.standard_normal(T)


kinds = rng.integers(0, 3, 1500)
signals = np.stack([recording(k) for k in kinds]).astype(np.float32)
signals = (signals - signals.mean()) / signals.std()
signals = torch.from_numpy(signals)
kinds = torch.from_numpy(kinds)
unlabelled, labelled, test = slice(0, 900), slice(900, 1050), slice(1050, 1500)


class Encoder(nn.Module):
    def __init__(self, width=40):
        super().__init__()
        self.rnn = nn.GRU(2, width, bidirectional=True, batch_first=True)

    def forward(self, x, mask):
        # the second channel says where the signal was hidden
        return self.rnn(torch.stack([x * (1 - mask), mask], -1))[0]


encoder = Encoder()
reconstruct = nn.Linear(80, 1)
opt = torch.optim.Adam([*encoder.parameters(), *reconstruct.parameters()], lr=4e-3)

print("stage 1: fill in hidden stretches")
for epoch in range(10):
    order = torch.randperm(900)
    total = 0.0
    for idx in order.split(50):
        x = signals[unlabelled][idx]
        mask = torch.zeros_like(x)
        for row, start in enumerate(torch.randint(0, T - 6, (len(x),)).tolist()):
            mask[row, start : start + 6] = 1
        out = reconstruct(encoder(x, mask)).squeeze(-1)
        loss = ((out - x) ** 2 * mask).sum() / mask.sum()
        opt.zero_grad()
        loss.backward()
        opt.step()
        total += loss.item() * len(idx)
    print(f"  epoch {epoch:2d} masked mse {total / 900:.4f}")

for p in encoder.parameters():
    p.requires_grad_(False)
encoder.eval()


def features(x):
    with torch.no_grad():
        h = encoder(x, torch.zeros_like(x))
    return torch.cat([h.mean(1), h.std(1), h.amax(1)], -1)


print("stage 2: linear probe")
probe = nn.Linear(240, 3)
popt = torch.optim.Adam(probe.parameters(), lr=1e-2, weight_decay=1e-4)
fx, fy = features(signals[labelled]), kinds[labelled]
mu, sd = fx.mean(0), fx.std(0) + 1e-6
for step in range(150):
    loss = F.cross_entropy(probe((fx - mu) / sd), fy)
    popt.zero_grad()
    loss.backward()
    popt.step()
    if step % 30 == 0:
        print(f"  step {step} loss {loss.item():.4f}")
pred = probe((features(signals[test]) - mu) / sd).argmax(1)
print("probe test accuracy", round((pred == kinds[test]).float().mean().item(), 4))
