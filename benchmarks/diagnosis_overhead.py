"""What `harness.watch` costs: time a step with it over time a step without.

OMP_NUM_THREADS=1 python benchmarks/diagnosis_overhead.py

Blocks of steps with and without it take turns in one process, in an order that is drawn anew each
time, since other programs on the machine disturb both alike; beside the ratio stands that of two
arms that are both without.
"""

import random
import time
from contextlib import nullcontext
from typing import Any

import numpy as np
import torch
from torch import nn

import harness

SETTLE, BLOCK = 6, 30


class Net(nn.Module):
    """Layers of LSTM and a linear head on the last step."""

    def __init__(self, units: int, layers: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, units, num_layers=layers, batch_first=True)
        self.head = nn.Linear(units, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classify by the last timestep."""
        return torch.as_tensor(self.head(self.lstm(x)[0][:, -1]))


class Loop:
    """A training whose steps are timed, watched in several ways."""

    def __init__(self, units: int, layers: int, length: int) -> None:
        self.net = Net(units, layers)
        self.optimizer = torch.optim.Adam(self.net.parameters(), lr=1e-3)
        self.x, self.y = torch.randn(32, length, 1), torch.randint(0, 2, (32,))
        self.arms: dict[str, Any] = {"without": nullcontext(), "without, again": nullcontext()}
        for every in (1, 10):
            self.arms[f"every {every}"] = harness.watch(self.net, self.optimizer, every=every)
        for arm in self.arms.values():
            self.block(arm)  # the first sixteen updates are all looked at closely

    def block(self, arm: Any) -> list[float]:
        """Seconds of each step of one block."""
        seconds = []
        with arm:
            for step in range(SETTLE + BLOCK):
                began = time.thread_time()
                loss = nn.functional.cross_entropy(self.net(self.x), self.y)
                self.optimizer.zero_grad()
                loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
                self.optimizer.step()
                if step >= SETTLE:
                    seconds.append(time.thread_time() - began)
        return seconds


def main() -> None:
    """Print, for each network, medians over rounds of paired ratios of blocks' mean steps."""
    for name, sizes, rounds in (
        ("hello world, LSTM(15) x 3", (15, 3, 3), 60),
        ("LSTM(256), 20 steps", (256, 1, 20), 20),
    ):
        loop = Loop(*sizes)
        times: dict[str, list[float]] = {arm: [] for arm in loop.arms}
        for _ in range(rounds):
            for arm in random.sample(list(loop.arms), len(loop.arms)):
                fastest = sorted(loop.block(loop.arms[arm]))[: BLOCK * 9 // 10]
                times[arm].append(float(np.mean(fastest)))
        for arm in list(loop.arms)[1:]:
            ratio = np.median(np.divide(times[arm], times["without"]))
            print(f"{name:27}{arm:16}{ratio - 1:+.1%}", flush=True)


if __name__ == "__main__":
    main()
