import argparse
import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

from textgen import VOCAB, lines


class Severity(nn.Module):
    def __init__(self, dim, layers):
        super().__init__()
        self.embedding = nn.Embedding(VOCAB, dim)
        self.encoder = nn.GRU(dim, dim, num_layers=layers, dropout=0.1, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(2 * dim)
        self.head = nn.Linear(2 * dim, 4)

    def forward(self, tokens):
        states, _ = self.encoder(self.embedding(tokens))
        return self.head(self.norm(states.amax(1)))


@dataclass
class Trainer:
    model: nn.Module
    epochs: int
    lr: float
    log: list = field(default_factory=list)

    def __post_init__(self):
        decay = [p for p in self.model.parameters() if p.ndim > 1]
        rest = [p for p in self.model.parameters() if p.ndim <= 1]
        self.optimizer = torch.optim.AdamW([{"params": decay, "weight_decay": 0.05}, {"params": rest, "weight_decay": 0.0}], lr=self.lr)
        self.scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimizer, self.epochs)

    def train_epoch(self, loader):
        self.model.train()
        total = 0.0
        for tokens, label in loader:
            self.optimizer.zero_grad()
            loss = nn.functional.cross_entropy(self.model(tokens), label)
            loss.backward()
            nn.utils.clip_grad_value_(self.model.parameters(), 0.5)
            self.optimizer.step()
            total += loss.item()
        return total / len(loader)

    @torch.no_grad()
    def accuracy(self, loader):
        self.model.eval()
        return sum((self.model(t).argmax(1) == y).sum().item() for t, y in loader) / len(loader.dataset)

    def run(self, train, valid):
        for epoch in range(self.epochs):
            row = {"epoch": epoch, "loss": self.train_epoch(train), "valid": self.accuracy(valid)}
            self.scheduler.step()
            self.log.append(row)
            print(json.dumps(row))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=8)
    parser.add_argument("--lr", type=float, default=5e-3)
    parser.add_argument("--out", type=Path, default=None)
    args = parser.parse_args()
    torch.manual_seed(0)
    train = DataLoader(TensorDataset(*lines(2400, 1)), batch_size=40, shuffle=True)
    valid = DataLoader(TensorDataset(*lines(400, 2)), batch_size=100)
    trainer = Trainer(Severity(24, 2), args.epochs, args.lr)
    trainer.run(train, valid)
    out = args.out or Path(tempfile.mkdtemp())
    torch.save({"model": trainer.model.state_dict(), "log": trainer.log}, out / "severity.pt")
    print("saved; final accuracy", trainer.log[-1]["valid"])


if __name__ == "__main__":
    main()
