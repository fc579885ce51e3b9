"""Next-syllable model for bird song: GRU over a second-order grammar of 20 syllables."""
from collections import namedtuple

import numpy as np
import torch
from torch import nn

Config = namedtuple("Config", "hidden embed lr epochs batch steps seed")
cfg = Config(hidden=2, embed=2, lr=8e-3, epochs=15, batch=20, steps=25, seed=90)


def sing(n, rng):
    """Each pair of syllables has one usual successor (90 %), else any syllable."""
    table = np.random.default_rng(cfg.seed + 1).integers(0, 20, (20, 20))
    song = [0, 1]
    while len(song) < n:
        song.append(table[song[-2] // 4, song[-1]] if rng.random() < 0.9 else rng.integers(20))
    return torch.tensor(np.array(song))


class SongModel(nn.Module):
    def __init__(self, cfg):
        super().__init__()
        self.embed = nn.Embedding(20, cfg.embed)
        self.gru = nn.GRU(cfg.embed, cfg.hidden, batch_first=True)
        self.out = nn.Linear(cfg.hidden, 20)

    def forward(self, s):
        return self.out(self.gru(self.embed(s))[0])


def windows(song):
    w = song.unfold(0, cfg.steps + 1, cfg.steps)
    return w[:, :-1], w[:, 1:]


torch.manual_seed(cfg.seed)
rng = np.random.default_rng(cfg.seed)
x, y = windows(sing(10000, rng))
xv, yv = windows(sing(2500, rng))
model = SongModel(cfg)
opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
for epoch in range(cfg.epochs):
    for idx in torch.randperm(len(x)).split(cfg.batch):
        opt.zero_grad()
        loss = nn.functional.cross_entropy(model(x[idx]).flatten(0, 1), y[idx].flatten())
        loss.backward()
        opt.step()
    with torch.no_grad():
        hit = (model(xv).argmax(-1) == yv).float().mean().item()
    print(f"epoch {epoch + 1}: loss {loss.item():.3f}, next syllable right {hit:.3f}")
