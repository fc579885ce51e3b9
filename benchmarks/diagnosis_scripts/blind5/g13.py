"""Signature verification: a GRU embeds pen strokes, contrastive loss on pairs, threshold from the training pairs."""
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

np.random.seed(8)
torch.manual_seed(8)

WRITERS, T = 12, 20
styles = [(np.random.uniform(0.5, 2.5, 2), np.random.uniform(0, 6, 2), np.random.uniform(-0.5, 0.5)) for _ in range(WRITERS)]


def sign(w):
    freq, phase, slope = styles[w]
    t = np.linspace(0, 2 * np.pi, T)
    x = np.sin(freq[0] * t + phase[0]) + slope * t / 3
    y = np.cos(freq[1] * t + phase[1])
    return np.stack([x, y], 1) + 0.12 * np.random.randn(T, 2)


def pairs(n):
    a, b, same = [], [], []
    for i in range(n):
        w = np.random.randint(WRITERS)
        v = w if i % 2 == 0 else (w + np.random.randint(1, WRITERS)) % WRITERS
        a.append(sign(w)), b.append(sign(v)), same.append(float(w == v))
    as_t = lambda z: torch.tensor(np.array(z), dtype=torch.float32)
    return as_t(a), as_t(b), as_t(same)


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(2, 24, batch_first=True)
        self.fc = nn.Linear(24, 8)

    def forward(self, s):
        _, h = self.gru(s)
        return self.fc(h[-1])


def contrastive(d, same, margin=1.5):
    return (same * d.pow(2) + (1 - same) * F.relu(margin - d).pow(2)).mean()


net = Embedder()
opt = torch.optim.Adam(net.parameters(), lr=0.005)
A, B, S = pairs(1000)
for epoch in range(10):
    tot = 0
    for idx in torch.randperm(1000).split(40):
        # both branches share the weights
        loss = contrastive(F.pairwise_distance(net(A[idx]), net(B[idx])), S[idx])
        opt.zero_grad()
        loss.backward()
        opt.step()
        tot += loss.item() / 25
    print(f"epoch {epoch} contrastive loss {tot:.4f}")
with torch.no_grad():
    d_train = F.pairwise_distance(net(A), net(B))
    grid = torch.linspace(0.1, 1.5, 30)
    thr = max(grid, key=lambda q: ((d_train < q).float() == S).float().mean().item())
    A2, B2, S2 = pairs(400)
    acc = ((F.pairwise_distance(net(A2), net(B2)) < thr).float() == S2).float().mean()
print(f"threshold {thr:.2f}, verification accuracy {acc:.3f}")
