"""Bucketed batches of chirps: is the sweep up, down, flat or a vee? LSTM over packed sequences."""
from dataclasses import dataclass

import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence


@dataclass
class Settings:
    seed: int = 9
    n: int = 900
    hidden: int = 20
    epochs: int = 9
    lr: float = 0.01


def chirp(kind: int) -> torch.Tensor:
    length = int(torch.randint(10, 40, (1,)))
    s = torch.linspace(0, 1, length)
    curve = [s, 1 - s, torch.full_like(s, 0.5), (2 * s - 1).abs()][kind]
    return torch.stack([curve + 0.15 * torch.randn(length), torch.randn(length) * 0.1], dim=1)


def buckets(samples, size):
    """Neighbours in length share a batch; the batches come in random order."""
    samples = sorted(samples, key=lambda s: -len(s[0]))
    parts = [samples[i:i + size] for i in range(0, len(samples), size)]
    for j in torch.randperm(len(parts)).tolist():
        x, y = zip(*parts[j])
        yield pack_sequence(x), torch.tensor(y)


class Chirps(nn.Module):
    def __init__(self, hidden: int):
        super().__init__()
        self.lstm = nn.LSTM(2, hidden, num_layers=2)
        self.head = nn.Sequential(nn.LayerNorm(hidden), nn.Linear(hidden, 4))

    def forward(self, x: PackedSequence) -> torch.Tensor:
        _, (h, _) = self.lstm(x)
        return self.head(h[-1])


def main(s: Settings) -> None:
    torch.manual_seed(s.seed)
    pool = [(chirp(i % 4), i % 4) for i in range(s.n)]
    picks = torch.randperm(s.n).tolist()
    train = [pool[i] for i in picks[: s.n * 4 // 5]]
    held = [pool[i] for i in picks[s.n * 4 // 5:]]
    model = Chirps(s.hidden)
    opt = torch.optim.AdamW(model.parameters(), lr=s.lr)
    sched = torch.optim.lr_scheduler.CosineAnnealingLR(opt, T_max=s.epochs)
    for epoch in range(s.epochs):
        losses = []
        model.train()
        for x, y in buckets(train, 24):
            loss = nn.functional.cross_entropy(model(x), y)
            opt.zero_grad(set_to_none=True)
            loss.backward()
            opt.step()
            losses.append(loss.item())
        sched.step()
        model.eval()
        with torch.inference_mode():
            right = sum(int((model(x).argmax(1) == y).sum()) for x, y in buckets(held, 60))
        print(epoch, f"{sum(losses) / len(losses):.3f}", f"{right / len(held):.3f}")


main(Settings())
