import os

os.environ["KERAS_BACKEND"] = "torch"

import copy

import keras
import numpy as np
import torch
from keras import layers

torch.set_default_dtype(torch.float32)
SEED = 13
keras.utils.set_random_seed(SEED)


def make_walks(n, rng):
    """Movement sequences of users, label = home zone to which they return (5 zones)."""
    zone = rng.integers(0, 5, n)
    steps = rng.normal(0, 0.6, (n, 15, 2))
    home = np.stack([np.cos(zone * 2 * np.pi / 5), np.sin(zone * 2 * np.pi / 5)], -1)
    pos = np.zeros((n, 2))
    track = np.zeros((n, 15, 2))
    for k in range(15):
        pos = pos + 0.3 * (home - pos) + 0.5 * steps[:, k]
        track[:, k] = pos
    return torch.tensor(track, dtype=torch.float32), torch.tensor(zone)


class Walker(keras.Model):
    def __init__(self):
        super().__init__()
        self.norm = layers.LayerNormalization()
        self.rnn = layers.LSTM(24, return_sequences=True)
        self.drop = layers.Dropout(0.2)
        self.out = layers.Dense(5)

    def call(self, x, training=False):
        h = self.rnn(x)
        return self.out(self.drop(self.norm(h.mean(dim=1)), training=training))


rng = np.random.default_rng(SEED)
x, y = make_walks(960, rng)
xv, yv = make_walks(400, rng)
model = Walker()
model(x[:2])
opt = torch.optim.AdamW(model.parameters(), lr=8e-3, weight_decay=1e-3)
loss_fn = torch.nn.CrossEntropyLoss(label_smoothing=0.05)
MICRO, ACCUMULATE = 16, 3
best, best_state = 0.0, None
for epoch in range(10):
    perm = torch.randperm(len(x))
    opt.zero_grad()
    running = 0.0
    for i, rows in enumerate(perm.split(MICRO)):
        loss = loss_fn(model(x[rows], training=True), y[rows])
        (loss / ACCUMULATE).backward()
        running += loss.item()
        if (i + 1) % ACCUMULATE == 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            opt.step()
            opt.zero_grad()
    with torch.no_grad():
        acc = (model(xv).argmax(1) == yv).float().mean().item()
    print(f"epoch {epoch} train {running / (i + 1):.4f} valid acc {acc:.4f}")
    if acc > best:
        best, best_state = acc, copy.deepcopy(model.state_dict())
model.load_state_dict(best_state)
print("best accuracy", best)
