"""Fall detection from a wearable: GRU on windows of sensor channels."""
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


@dataclass
class Config:
    seed: int = 17
    window: int = 30
    n_train: int = 900
    n_val: int = 300
    batch_size: int = 30
    epochs: int = 12
    lr: float = 3e-3
    channels: tuple = (1, 2, 4, 5)


CHANNEL_NAMES = ["acc_z", "temperature", "light", "acc_x", "battery", "humidity"]


class Windows(Dataset):
    def __init__(self, n, cfg, rng):
        self.label = rng.integers(0, 2, n)
        raw = rng.normal(0, 1, (n, cfg.window, 6))
        for i in range(n):
            if self.label[i]:
                at = rng.integers(5, cfg.window - 6)
                raw[i, at:at + 4, 0] += 3.0
                raw[i, at:at + 4, 3] -= 2.0
        drift = np.cumsum(rng.normal(0, 0.2, (n, cfg.window)), axis=1)
        raw[:, :, 1] += drift
        chosen = raw[:, :, list(cfg.channels)]
        self.x = ((chosen - chosen.mean((0, 1))) / chosen.std((0, 1))).astype(np.float32)

    def __len__(self):
        return len(self.x)

    def __getitem__(self, i):
        return self.x[i], self.label[i]


class FallNet(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        self.gru = nn.GRU(inputs, 24, batch_first=True)
        self.fc = nn.Linear(24, 2)

    def forward(self, x):
        out, _ = self.gru(x)
        return self.fc(out.max(dim=1).values)


def run(cfg):
    torch.manual_seed(cfg.seed)
    rng = np.random.default_rng(cfg.seed)
    train = DataLoader(Windows(cfg.n_train, cfg, rng), cfg.batch_size, shuffle=True)
    val = DataLoader(Windows(cfg.n_val, cfg, rng), 100)
    model = FallNet(len(cfg.channels))
    opt = torch.optim.Adam(model.parameters(), lr=cfg.lr)
    loss_fn = nn.CrossEntropyLoss()
    print("channels:", [CHANNEL_NAMES[c] for c in cfg.channels])
    for epoch in range(cfg.epochs):
        model.train()
        losses = []
        for x, y in train:
            opt.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        model.eval()
        hits = 0
        with torch.no_grad():
            for x, y in val:
                hits += (model(x).argmax(1) == y).sum().item()
        print(f"epoch {epoch:2d}: train loss {np.mean(losses):.3f}, val accuracy {hits / cfg.n_val:.3f}")


run(Config())
