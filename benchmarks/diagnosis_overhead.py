"""What `harness.watch` costs: time a step with it over time a step without, interleaved.

OMP_NUM_THREADS=1 python benchmarks/diagnosis_overhead.py
"""

import time
from contextlib import nullcontext

import numpy as np
import torch
from torch import nn

import harness

REPEATS, STEPS = 9, 150


class Net(nn.Module):
    """Layers of LSTM and a linear head on the last step."""

    def __init__(self, units: int, layers: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, units, num_layers=layers, batch_first=True)
        self.head = nn.Linear(units, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classify by the last timestep."""
        return torch.as_tensor(self.head(self.lstm(x)[0][:, -1]))


def seconds(units: int, layers: int, length: int, every: int | None, steps: int) -> float:
    """One training of `steps` updates, watched or not."""
    torch.manual_seed(0)
    net = Net(units, layers)
    optimizer = torch.optim.Adam(net.parameters(), lr=1e-3)
    x, y = torch.randn(32, length, 1), torch.randint(0, 2, (32,))
    watched = nullcontext() if every is None else harness.watch(net, optimizer, every=every)
    with watched:
        for step in range(16 + steps):
            if step == 16:
                start = time.process_time()
            loss = nn.functional.cross_entropy(net(x), y)
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            optimizer.step()
        return time.process_time() - start


def main() -> None:
    """Print the median of paired ratios for each network and sampling."""
    print(f"{'network':24}{'every':>6}{'overhead':>10}")
    for name, units, layers, length, steps in (
        ("hello world, LSTM(15) x 3", 15, 3, 3, STEPS),
        ("LSTM(256), 20 steps", 256, 1, 20, STEPS // 5),
    ):
        for every in (1, 5, 10):
            ratios = [
                seconds(units, layers, length, every, steps)
                / seconds(units, layers, length, None, steps)
                for _ in range(REPEATS)
            ]
            print(f"{name:26}{every:4}{np.median(ratios) - 1:10.1%}")


if __name__ == "__main__":
    main()
