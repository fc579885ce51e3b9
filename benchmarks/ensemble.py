"""How much faster is the ensemble than the same seeds one after another?

    python benchmarks/ensemble.py [--seeds 64] [--epochs 2] [--repeats 3]

Trains hello world (3 x LSTM(15), batch 32, 200 records, Adam, no validation) and prints seconds a
seed and epoch, and their ratio. What is compared takes turns, and the best of the repeats counts,
so that both see the same machine. Epochs are alike, so a few stand for the 100 of the scenario;
preparing data and weights counts on both sides. The bare loop is given one thread and all of
them; the ensemble one thread, and a process of one thread a core.
"""

import argparse
import os
import time
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import torch
from torch import Tensor, nn

from harness.backends.ensemble.backend import Ensemble
from harness.backends.ensemble.job import PreparedSeed
from harness.backends.ensemble.loss import BatchedLoss
from harness.backends.ensemble.run import EnsembleRun
from harness.backends.torch.eager import Eager
from harness.dataset import build, epoch_order
from harness.scenario import TASKS, Case, Converged, Model, Seeds, Training

BARE_SEEDS = 4
"""Seeds that the sequential sides train in a repeat; their time is proportional to it."""


def hello_world(epochs: int) -> Case:
    """The scenario's case, with a criterion that is never met, so that every epoch is trained."""
    data = {"records": 200, "timesteps": 3, "validation_records": 0}
    return Case.model_construct(
        name="hello",
        expect="fails",
        scenario="benchmark",
        directory=Path(),
        data=TASKS["first_value"].model_validate(data),
        model=Model(units=(15, 15, 15)),
        training=Training(epochs=epochs),
        converged=Converged(metric="loss", at_most=-1.0),
        seeds=Seeds.model_validate({}),
    )


class BareLSTM(nn.Module):
    """What a user would write."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(1, 15, 3, batch_first=True)
        self.head = nn.Linear(15, 2)

    def forward(self, x: Tensor) -> Tensor:
        """Map `[batch, timesteps, 1]` to logits `[batch, 2]`."""
        logits: Tensor = self.head(self.lstm(x)[0][:, -1])
        return logits


def bare_loop(case: Case, seeds: range, threads: int) -> None:
    """Train each seed in an ordinary loop, with the evaluation that tells when it converged."""
    torch.set_num_threads(threads)
    for seed in seeds:
        torch.manual_seed(seed)
        data = build(case, seed)
        x, y = torch.from_numpy(data.x).float(), torch.from_numpy(data.y)
        model, criterion = BareLSTM(), nn.CrossEntropyLoss()
        optimizer = torch.optim.Adam(model.parameters(), case.training.learning_rate)
        for epoch in range(case.training.epochs):
            order = torch.from_numpy(epoch_order(seed, epoch, len(y), shuffle=True))
            for batch in torch.split(order, case.training.batch_size):
                optimizer.zero_grad()
                criterion(model(x[batch]), y[batch]).backward()
                optimizer.step()
            with torch.inference_mode():
                (model(x).argmax(1) == y).float().mean().item()


def autograd_step(weights: list[Tensor], x: Tensor, y: Tensor) -> None:
    """One forward and backward pass of the same batched model and layout, left to autograd."""
    *layers, head = weights
    below = list(x)
    for weight in layers:
        units = weight.shape[2] // 4
        hidden = state = x.new_zeros(x.shape[1], units, x.shape[3])
        ones, outputs = x.new_ones(x.shape[1], 1, x.shape[3]), []
        for inputs in below:
            rows = torch.cat([hidden, inputs, ones], 1)
            gates = torch.bmm(weight.transpose(1, 2), rows)
            enter, forget, output = gates[:, units:].sigmoid().chunk(3, 1)
            state = forget * state + enter * gates[:, :units].tanh()
            hidden = output * state.tanh()
            outputs.append(hidden)
        below = outputs
    logits = torch.baddbmm(head[:, :, -1:], head[:, :, :-1], below[-1])
    torch.autograd.grad(BatchedLoss("cross_entropy").value(logits, y).sum(), weights)


def best(actions: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Run the actions in turn, ``repeats`` times; return each one's shortest time in seconds."""
    seconds = dict.fromkeys(actions, float("inf"))
    for action in actions.values():
        action()
    for _ in range(repeats):
        for name, action in actions.items():
            started = time.perf_counter()
            action()
            seconds[name] = min(seconds[name], time.perf_counter() - started)
    return seconds


def compare_training(seeds: int, epochs: int, repeats: int, pool: Executor) -> None:
    """Print milliseconds of training a seed for an epoch, and how many times faster each is."""
    case, few, cores = hello_world(epochs), range(BARE_SEEDS), os.cpu_count() or 1
    sides: dict[str, tuple[int, Callable[[], object]]] = {
        "bare, 1 thread": (BARE_SEEDS, lambda: bare_loop(case, few, 1)),
        f"bare, {cores} threads": (BARE_SEEDS, lambda: bare_loop(case, few, cores)),
        "eager": (BARE_SEEDS, lambda: Eager().train(case, few, "cpu", _silent)),
    }
    for size in sorted({1, 4, 16, seeds}):
        sides[f"ensemble of {size}"] = size, partial(_ensemble, case, range(size))
    parts = [range(core, seeds, cores) for core in range(cores)]
    together = f"{cores} x ensemble of {len(parts[0])}"
    sides[together] = seeds, lambda: list(pool.map(partial(_ensemble, case), parts))
    seconds = best({name: action for name, (_, action) in sides.items()}, repeats)
    each = {name: seconds[name] / count / epochs for name, (count, _) in sides.items()}
    bare = [name for name in sides if name.startswith("bare")]
    print(" " * 20, *(f"{title:>20}" for title in ("ms a seed-epoch", *bare)))
    for name, value in each.items():
        ratios = [f"{each[other] / value:18.1f} x" for other in bare]
        print(f"{name:20} {value * 1e3:20.2f}", *ratios)


def compare_backward(seeds: int, repeats: int) -> None:
    """Print how the hand-written backward pass compares with autograd."""
    with torch.inference_mode():
        run = EnsembleRun(
            [PreparedSeed.prepare(hello_world(1), seed) for seed in range(seeds)], "cpu"
        )
        ((x, y), *_) = run.records.split(32)
    network = run.network
    directions = [layer for level in network.levels for layer in level.directions]
    weights = [layer.weight for layer in directions] + [network.head]
    leaves = [weight.clone().requires_grad_() for weight in weights]

    def by_hand() -> None:
        with torch.inference_mode():
            network.backward(x, run.loss.gradient(network.forward(x, []), y), [])

    x_plain, y_plain = x.clone(), y.clone()  # autograd takes no inference tensors
    seconds = best(
        {"hand": by_hand, "autograd": lambda: autograd_step(leaves, x_plain, y_plain)}, 20 * repeats
    )
    hand, autograd = (1e6 * seconds[name] / seeds for name in ("hand", "autograd"))
    print(f"forward + backward of {seeds} seeds, microseconds a seed: by hand {hand:.0f}, ", end="")
    print(f"autograd {autograd:.0f}: {autograd / hand:.2f} times as long")


def _ensemble(case: Case, seeds: range) -> None:
    Ensemble().train(case, seeds, "cpu", _silent)


def _silent(seed: int, epoch: int) -> None:
    """Watch nothing."""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--seeds", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    print(f"PyTorch {torch.__version__}, {os.cpu_count()} cores")
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as executor:
        compare_training(given.seeds, given.epochs, given.repeats, executor)
    torch.set_num_threads(1)
    compare_backward(given.seeds, given.repeats)
