"""Does the gate stay silent where nothing changed?

    python benchmarks/controls.py [--runs 100] [--seeds 96]

Three times 100 clean runs, and how many raised an alarm; 95 % upper bounds by Clopper & Pearson.

Probes: really run, the fast level, on the selftest's cases in turn. As shipped, their seeds are
fixed, so that 100 runs would be one run 100 times; here each run has seeds of its own (data,
weights, order, probe inputs, masks), which is stricter. Comparison: simulated from recorded
histories, drawn anew for each run: 12 seeds trained twice, by eager and by the ensemble, which
differ by rounding only (paired); and 12 seeds of eager against 12 others (not paired).
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from scipy.stats import beta

from harness.backends import get
from harness.baseline import accept, compare, control_false_discoveries
from harness.execution.job import Work
from harness.flow.gate import Gate
from harness.probes import probe
from harness.results.outcome import Outcome
from harness.selftest.cases import CASES, SEEDS
from harness.selftest.gate import run

TRAINED = "adam"
APART = 1_000_003
"""Between the random states of two runs."""


@contextmanager
def seeds_of(run: int) -> Iterator[None]:
    """Give every generator that is built inside numbers of its own, in NumPy and PyTorch."""
    numpy, manual_seed = np.random.default_rng, torch.manual_seed

    def default_rng(seed: Any) -> np.random.Generator:
        return numpy([*np.atleast_1d(seed).tolist(), APART + run])

    with (
        patch.object(np.random, "default_rng", default_rng),
        patch.object(torch, "manual_seed", lambda seed: manual_seed(seed + APART * run)),
    ):
        yield


def probed(runs: int) -> list[str]:
    """Return what each alarm of ``runs`` clean runs said, a run with alarms giving one line."""
    alarms, names = [], list(CASES)
    for number in range(runs):
        case = CASES[names[number % len(names)]]
        with seeds_of(number):
            failed = [p for p in probe(case, get("eager"), "cpu", "fast") if p.status == "fail"]
        if failed:
            told = "; ".join(f"{p.name}: {p.sentence}" for p in failed)
            alarms.append(f"run {number}, case {case.name}: {told}")
    return alarms


def trained(backend: str, seeds: int) -> Outcome:
    """Return the outcome of one case over many seeds."""
    return run(Work(CASES[TRAINED], backend, "cpu"), Gate("off", "off", 1), seeds)


def some(outcome: Outcome, seeds: Sequence[int]) -> Outcome:
    """Return the outcome as if those seeds alone had been trained."""
    return replace(outcome, runs=tuple(outcome.runs[seed] for seed in seeds))


def compared(runs: int, accepted: Outcome, new: Outcome, *, paired: bool) -> list[str]:
    """Return the sentences of comparisons that raised an alarm; each run draws its seeds anew."""
    rng, alarms = np.random.default_rng(0), []
    for number in range(runs):
        drawn = rng.permutation(len(accepted.runs)).tolist()
        old, young = drawn[:SEEDS], drawn[:SEEDS] if paired else drawn[SEEDS : 2 * SEEDS]
        differences = compare(some(new, young), accept(some(accepted, old)))
        (found,) = control_false_discoveries([differences])
        if found.status != "same":
            alarms.append(f"run {number}: {found.status}: {found.sentence}")
    return alarms


def tell(what: str, runs: int, alarms: list[str], started: float) -> None:
    """Print how many runs raised an alarm, and the upper limit of their share."""
    limit = beta.ppf(0.95, len(alarms) + 1, runs - len(alarms)) if len(alarms) < runs else 1.0
    seconds = time.perf_counter() - started
    print(
        f"{what}: {len(alarms)} of {runs} clean runs raised an alarm "
        f"(rate below {100 * limit:.1f} % with 95 % confidence), {seconds:.0f} s"
    )
    for alarm in alarms:
        print(f"    {alarm}")


def main() -> None:
    """Run and print all three."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=96)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    started = time.perf_counter()
    tell("probes, fast", arguments.runs, probed(arguments.runs), started)
    started = time.perf_counter()
    eager, ensemble = trained("eager", arguments.seeds), trained("ensemble", arguments.seeds)
    paired = compared(arguments.runs, eager, ensemble, paired=True)
    tell("comparison, paired", arguments.runs, paired, started)
    started = time.perf_counter()
    unpaired = compared(arguments.runs, eager, eager, paired=False)
    tell("comparison, not paired", arguments.runs, unpaired, started)


if __name__ == "__main__":
    main()
