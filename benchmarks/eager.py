"""What the harness costs: around a bare loop, when collecting, and in memory.

    python benchmarks/eager.py             # ratio of time a step, and collection
    python benchmarks/eager.py --memory    # also runs the whole catalogue: some minutes

Ratios are of rounds interleaved in one run, because times drift on a shared machine.
"""

import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch
from torch import nn

from harness.backends.eager import Run
from harness.scenario import Case, load

ROOT = Path(__file__).parent.parent
EPOCHS, ROUNDS = 10, 11


def hello_world() -> Case:
    """Return the first case of the shipped hello world, never stopping early."""
    case = load(ROOT / "scenarios/hello_world.toml", "hello_world").cases[0]
    training = case.training.model_copy(update={"epochs": EPOCHS})
    converged = case.converged.model_copy(update={"at_least": 2.0})
    return case.model_copy(update={"training": training, "converged": converged})


def bare(case: Case) -> Callable[[], None]:
    """Return a hand-written loop: the same model, data, steps and evaluations."""
    data = Run(case, 0, "cpu")
    x, y = data.x, data.y
    x_validation, y_validation = data.validation
    lstm = nn.LSTM(1, 15, 3, batch_first=True)
    head = nn.Linear(15, 2)
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, case.training.learning_rate, eps=1e-7)
    criterion = nn.CrossEntropyLoss()

    def forward(inputs: torch.Tensor) -> torch.Tensor:
        logits: torch.Tensor = head(lstm(inputs)[0][:, -1])
        return logits

    def loop() -> None:
        for _ in range(case.training.epochs):
            order = torch.randperm(len(y))
            for start in range(0, len(y), case.training.batch_size):
                batch = order[start : start + case.training.batch_size]
                optimizer.zero_grad()
                loss = criterion(forward(x[batch]), y[batch])
                loss.backward()
                optimizer.step()
            with torch.inference_mode():
                for inputs, targets in ((x, y), (x_validation, y_validation)):
                    logits = forward(inputs)
                    criterion(logits, targets).item()
                    (logits.argmax(1) == targets).float().mean().item()

    return loop


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def step_ratio() -> None:
    """Print eager's time against the bare loop's, rounds interleaved."""
    torch.set_num_threads(1)
    case = hello_world()
    loop = bare(case)
    loop()
    ratios, times = [], []
    for _ in range(ROUNDS):
        run = Run(case, 0, "cpu")
        ours, theirs = seconds(lambda run=run: run.train(lambda *_: None)), seconds(loop)  # type: ignore[misc]  # mypy infers no default of a lambda
        ratios.append(ours / theirs)
        times.append(theirs / (EPOCHS * -(-len(run.y) // case.training.batch_size)))
    print(f"bare loop, evaluation included: {statistics.median(times) * 1e3:.2f} ms a step")
    print(
        f"eager / bare loop: median {statistics.median(ratios):.3f} "
        f"(of {ROUNDS}: {min(ratios):.3f} to {max(ratios):.3f}); goal: at most 1.05"
    )


def collection() -> None:
    """Print how much longer collecting the catalogue takes than saying pytest's version."""
    pytest = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest"]

    def call(*arguments: str) -> Callable[[], object]:
        return lambda: subprocess.run(
            [*pytest, *arguments], cwd=ROOT, check=True, capture_output=True
        )

    extra = [
        seconds(call("--collect-only", "-q", "scenarios/")) - seconds(call("--version"))
        for _ in range(5)
    ]
    print(f"collect-only above --version: median {statistics.median(extra):.2f} s; goal: 1.0 s")


def memory() -> None:
    """Print the catalogue's time and the largest process that it had."""
    command = [sys.executable, "-m", "pytest", "scenarios/", "--report-dir=reports/benchmark"]
    took = seconds(lambda: subprocess.run(command, cwd=ROOT, check=False, capture_output=True))
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"catalogue: {took:.0f} s, largest process {largest:.0f} MiB; goal: under 1024 MiB")


if __name__ == "__main__":
    step_ratio()
    collection()
    if "--memory" in sys.argv[1:]:
        memory()
