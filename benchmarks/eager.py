"""What the harness costs: around a bare loop, when collecting, and for the whole catalogue.

    python benchmarks/eager.py                # ratio to a bare loop, and collection: half a minute
    python benchmarks/eager.py --catalogue    # the whole catalogue on two backends: minutes

All in means what `pytest --convergence-workers 1` does with a seed: the trainer, the progress
note, the eager backend with its metrics, norms and first losses, the record, and the journal's
line. The bare loop takes the same steps on the same data and evaluates loss and accuracy as often;
drawing data and building the model counts on both sides. Rounds are interleaved in one process of
one thread, the two sides taking turns at going first, and the ratio is the median of the rounds'
own ratios, because times drift on a shared machine.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import torch
from torch import Tensor, nn

from harness.dataset import build
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.scenario import Case, load

ROOT = Path(__file__).parent.parent
EPOCHS, ROUNDS = 20, 25
"""Twenty epochs: about as many as hello world takes to converge."""


def hello_world() -> Case:
    """Return the first case of the shipped hello world, never stopping early."""
    case = load(ROOT / "scenarios/hello_world.toml", "hello_world").cases[0]
    training = case.training.model_copy(update={"epochs": EPOCHS})
    converged = case.converged.model_copy(update={"at_least": 2.0})
    return case.model_copy(update={"training": training, "converged": converged})


def bare_loop(case: Case, seed: int) -> None:
    """Train a seed in a hand-written loop: the same model, data, steps and evaluations."""
    torch.manual_seed(seed)
    data = build(case, seed)
    x, y = torch.from_numpy(data.x).float(), torch.from_numpy(data.y)
    x_validation = torch.from_numpy(data.x_validation).float()
    sets = ((x, y), (x_validation, torch.from_numpy(data.y_validation)))
    lstm, head = nn.LSTM(1, 15, 3, batch_first=True), nn.Linear(15, 2)
    criterion = nn.CrossEntropyLoss()
    parameters = [*lstm.parameters(), *head.parameters()]
    optimizer = torch.optim.Adam(parameters, case.training.learning_rate, eps=1e-7)

    def forward(inputs: Tensor) -> Tensor:
        logits: Tensor = head(lstm(inputs)[0][:, -1])
        return logits

    def evaluate() -> None:
        with torch.inference_mode():
            for inputs, targets in sets:
                logits = forward(inputs)
                criterion(logits, targets).item()
                (logits.argmax(1) == targets).float().mean().item()

    evaluate()
    for _ in range(case.training.epochs):
        for batch in torch.split(torch.randperm(len(y)), case.training.batch_size):
            optimizer.zero_grad()
            criterion(forward(x[batch]), y[batch]).backward()
            optimizer.step()
        evaluate()


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def all_in() -> None:
    """Print the time of training through the trainer against the bare loop's."""
    torch.set_num_threads(1)
    case = hello_world()
    times: list[tuple[float, float]] = []
    with tempfile.TemporaryDirectory() as folder:
        trainer = Trainer(None, 1, Journal.start(Path(folder) / "journal.jsonl"))
        work = Work(case, "eager", "cpu")
        for seed in range(ROUNDS + 1):
            sides: list[Callable[[], object]] = [
                partial(trainer.histories, work.members([seed])),
                partial(bare_loop, case, seed),
            ]
            turn = 1 if seed % 2 else -1
            ours, theirs = [seconds(side) for side in sides[::turn]][::turn]
            times.append((ours, theirs))
        trainer.close()
    ratios = [ours / theirs for ours, theirs in times[1:]]  # the first round is warm-up
    steps = EPOCHS * -(-200 // case.training.batch_size)
    bare = statistics.median(theirs for _, theirs in times[1:]) / steps
    print(f"bare loop, evaluation included: {bare * 1e3:.2f} ms a step")
    print(
        f"harness around eager, all in / bare loop: median {statistics.median(ratios):.3f} "
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


def catalogue() -> None:
    """Print the catalogue's time on two backends, and the largest process so far."""
    for backend, goal in (("ensemble", 25), ("eager", 120)):
        command = [sys.executable, "-m", "pytest", "scenarios/", "--convergence-backend", backend]
        command.append("--convergence-report-dir=reports/benchmark")
        run = partial(subprocess.run, command, cwd=ROOT, check=False, capture_output=True)
        took = seconds(run)
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"catalogue, {backend}: {took:.0f} s; goal: under {goal} s", flush=True)
        print(f"largest process: {largest:.0f} MiB; goal: under 1024 MiB")


if __name__ == "__main__":
    if "--catalogue" in sys.argv[1:]:
        catalogue()
    else:
        all_in()
        collection()
