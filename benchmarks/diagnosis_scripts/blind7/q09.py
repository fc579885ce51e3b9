# bird syllables -> embedding by triplet loss; new birds are recognised by nearest neighbour
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

SEED = 13
rs = np.random.RandomState(SEED)
torch.manual_seed(SEED)
T, BANDS = 20, 10


def make_bird():
    return {
        "f0": rs.uniform(1, 8),
        "sweep": rs.uniform(-4, 4),
        "trill": rs.uniform(0.5, 3.0),
        "depth": rs.uniform(0, 1),
    }


def syllable(bird):
    t = np.linspace(0, 1, T)
    f = bird["f0"] + bird["sweep"] * (t - 0.5) + 0.25 * rs.randn()
    amp = 1 + bird["depth"] * np.sin(2 * np.pi * (bird["trill"] * 2 * t + rs.rand() * 0.3))
    spec = amp[:, None] * np.exp(-0.5 * (np.arange(BANDS)[None] - f[:, None]) ** 2)
    return spec + 0.15 * rs.randn(T, BANDS)


def bank(birds, n):
    x = np.stack([syllable(b) for b in birds for _ in range(n)]).astype(np.float32)
    return torch.from_numpy(x), torch.arange(len(birds)).repeat_interleave(n)


train_x, train_y = bank([make_bird() for _ in range(24)], 25)
new_x, new_y = bank([make_bird() for _ in range(12)], 20)


class Embedder(nn.Module):
    def __init__(self):
        super().__init__()
        self.gru = nn.GRU(BANDS, 32, batch_first=True)
        self.proj = nn.Linear(32, 16)

    def forward(self, x):
        out, _ = self.gru(x)
        return F.normalize(self.proj(out.mean(1)), dim=-1)


def batch(classes=8, each=5):
    chosen = rs.choice(24, classes, replace=False)
    idx = np.concatenate([c * 25 + rs.choice(25, each, replace=False) for c in chosen])
    return train_x[idx], train_y[idx]


def batch_hard(z, y, margin=0.3):
    d = torch.cdist(z, z)
    same = y[:, None] == y[None]
    pos = d.masked_fill(~same, -1).amax(1)
    neg = d.masked_fill(same, 9).amin(1)
    return F.relu(pos - neg + margin).mean(), (pos < neg).float().mean()


def one_nn(model):
    model.eval()
    with torch.no_grad():
        z = model(new_x)
    d = torch.cdist(z, z).fill_diagonal_(9)
    model.train()
    return (new_y[d.argmin(1)] == new_y).float().mean().item()


model = Embedder()
opt = torch.optim.Adam(model.parameters(), lr=3e-3)
print("untrained 1-NN accuracy on new birds", round(one_nn(model), 3))
for it in range(1, 351):
    x, y = batch()
    loss, sep = batch_hard(model(x), y)
    opt.zero_grad()
    loss.backward()
    opt.step()
    if it % 50 == 0:
        print(f"it {it} triplet {loss.item():.4f} separated {sep.item():.2f} new-bird 1-NN {one_nn(model):.3f}")
print("final 1-NN accuracy on unseen birds", round(one_nn(model), 4))
