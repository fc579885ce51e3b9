"""How cost grows with seeds, units and timesteps: the ensemble beside eager, one thread.

    python benchmarks/growth.py                  # the whole table: about eight minutes
    python benchmarks/growth.py 16 256 200       # one row: seeds, units, timesteps

Three LSTM layers, 64 records in two batches of 32, Adam, the training records evaluated once before
the first epoch and after each. In every row each side has a fresh process of its own with one
thread, as under pytest, so that the largest memory that the ensemble's process ever held is that
row's; PyTorch itself is in it. Preparing data and weights counts on both sides. Eager trains
sixteen seeds at most: its cost is proportional to them. The sides take turns, and the median of
five counts, or of fewer once a row has taken its time.

The peak is that of a large float32 matrix product between the turns: the faster of PyTorch's own
and oneDNN's, which uses wider instructions on some processors. Floating-point operations are those
of the matrix products: 2 a weight and record forward at each timestep, twice that again backward
(less the gradient of the inputs, which nobody needs), and forward for evaluations.
"""

import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path

import torch

from harness.backends import get
from harness.scenario import Case, load

SCENARIO = Path(__file__).parent.parent / "scenarios" / "hello_world.toml"
LAYERS, RECORDS, EAGER_SEEDS = 3, 64, 16
MATRIX, TURNS = 1536, 5
ENOUGH = 10.0
"""Seconds of a row's training after which no further turn begins."""

ROWS = [
    *((seeds, 15, 3) for seeds in (1, 4, 16, 64, 256, 1024)),
    *((64, units, 3) for units in (8, 64, 256)),
    *((64, 15, steps) for steps in (50, 200)),
    *((16, units, 3) for units in (8, 64, 256)),
    *((16, 8, steps) for steps in (50, 200)),
    *((16, 64, steps) for steps in (50, 200)),
    *((16, 256, steps) for steps in (50, 200)),
    *((64, 64, 200), (256, 15, 200), (256, 64, 50), (1024, 8, 50), (1024, 256, 3)),
]

Row = dict[str, float]


def case_of(units: int, timesteps: int, epochs: int) -> Case:
    """Hello world at another size, with a criterion that is never met."""
    case = load(SCENARIO, "hello_world").cases[0]
    sizes = {"records": RECORDS, "validation_records": 0, "timesteps": timesteps}
    # xavier: orthogonal matrices, Keras' start, take longer to draw than to train with
    model = {"units": (units,) * LAYERS, "init": "xavier"}
    return case.model_copy(
        update={
            "data": case.data.model_copy(update=sizes),
            "model": case.model.model_copy(update=model),
            "training": case.training.model_copy(update={"epochs": epochs}),
            "converged": case.converged.model_copy(update={"at_least": 2.0}),
        }
    )


def operations(units: int, timesteps: int, epochs: int) -> float:
    """Return floating-point operations of matrix products that train a seed for an epoch."""
    widths = (1, *(units,) * LAYERS)
    forward = sum(2 * 4 * b * (a + b) for a, b in pairwise(widths))
    unneeded = 2 * 4 * units * widths[0]
    evaluations = (epochs + 1) / epochs
    return RECORDS * timesteps * (3 * forward - unneeded + evaluations * forward)


def seconds(work: Callable[[], object]) -> float:
    """Return how long one call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def peak() -> dict[str, float]:
    """Return the operations a second of a large product, by PyTorch itself and by oneDNN."""
    a, b = torch.rand(MATRIX, MATRIX), torch.rand(MATRIX, MATRIX)
    products: dict[str, Callable[[], object]] = {
        "product": lambda: a @ b,
        "onednn": lambda: torch.ops.mkldnn._linear_pointwise(a, b, None, "none", [], ""),  # noqa: SLF001  # the only way to ask for it
    }
    return {
        name: 2 * float(MATRIX) ** 3 / min(seconds(work) for _ in range(4))
        for name, work in products.items()
    }


def trained(backend: str, case: Case, seeds: int) -> float:
    """Return the seconds a seed-epoch of training that many seeds; runs in a side's process."""
    took = seconds(lambda: get(backend).train(case, range(seeds), "cpu", lambda *_: None))
    return took / seeds / case.training.epochs


def memory() -> float:
    """Return the largest memory that this process ever held, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def side() -> ProcessPoolExecutor:
    """Return a process of one thread for one side of a row."""
    return ProcessPoolExecutor(1, get_context("spawn"), torch.set_num_threads, (1,))


def measure(seeds: int, units: int, timesteps: int) -> Row:
    """Train both sides in turn and return one row of the table."""
    epochs = max(2, min(10, int(2e9 / seeds / operations(units, timesteps, 1))))
    case, few = case_of(units, timesteps, epochs), min(seeds, EAGER_SEEDS)
    times: dict[str, list[float]] = {"ensemble": [], "eager": []}
    peaks: list[dict[str, float]] = []
    with side() as ours, side() as theirs:
        for pool, backend in ((ours, "ensemble"), (theirs, "eager")):
            pool.submit(trained, backend, case, 1).result()  # the first steps cost more
        started = time.perf_counter()
        while len(peaks) < TURNS and (not peaks or time.perf_counter() - started < ENOUGH):
            times["ensemble"].append(ours.submit(trained, "ensemble", case, seeds).result())
            times["eager"].append(theirs.submit(trained, "eager", case, few).result())
            peaks.append(theirs.submit(peak).result())
        mib = ours.submit(memory).result()
    best = {name: max(each[name] for each in peaks) for name in peaks[0]}
    took = {name: statistics.median(each) for name, each in times.items()}
    share = operations(units, timesteps, epochs) / took["ensemble"] / max(best.values())
    return best | took | {"mib": mib, "share": share}


def table(rows: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], Row]:
    """Measure and print the rows; return them by seeds, units, timesteps."""
    print("| seeds | units | steps | eager, ms | ensemble, ms | times faster | MiB | of peak |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    measured = {}
    for row in rows:
        found = measured[row] = measure(*row)
        eager, ensemble = 1e3 * found["eager"], 1e3 * found["ensemble"]
        print(
            f"| {row[0]} | {row[1]} | {row[2]} | {eager:.3g} | {ensemble:.3g} "
            f"| {eager / ensemble:.2f} | {found['mib']:.0f} | {found['share']:.0%} |",
            flush=True,
        )
    return measured


def conclude(measured: dict[tuple[int, int, int], Row]) -> None:
    """Print what was promised: who is faster at 16 seeds and up, and the largest memory."""
    ratios = {
        row: found["eager"] / found["ensemble"] for row, found in measured.items() if row[0] >= 16
    }
    slower = [row for row, ratio in ratios.items() if ratio < 1]
    least = min(ratios, key=lambda row: ratios[row])
    print(f"ensemble slower than eager at 16 seeds and up: {slower or 'never'}; ", end="")
    print(f"closest at {least} (seeds, units, timesteps): {ratios[least]:.2f} times faster")
    largest = max(measured, key=lambda row: measured[row]["mib"])
    print(f"largest memory: {measured[largest]['mib']:.0f} MiB at {largest}")
    product, onednn = (
        max(found[name] for found in measured.values()) / 1e9 for name in ("product", "onednn")
    )
    print(f"float32 peak of one thread, GFLOP/s: {product:.0f} by PyTorch, {onednn:.0f} by oneDNN")


def main(arguments: list[str]) -> None:
    """Print the table, or one row of it."""
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # of the processes to come
    started = time.perf_counter()
    if arguments:
        seeds, units, timesteps = map(int, arguments)
        table([(seeds, units, timesteps)])
    else:
        conclude(table(ROWS))
    print(f"{time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
