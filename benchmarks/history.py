"""How often `harness history` finds a step that is none, and which steps it finds, by simulation.

Run: python benchmarks/history.py [--series N]
"""

import argparse
from collections.abc import Callable

import numpy as np

from harness.history import Floats
from harness.results.interval import wilson_interval
from harness.trend.steps import steps

Draw = Callable[[np.random.Generator, int], Floats]
LENGTHS = (10, 20, 50, 100, 200)
SPREAD = 0.05
"""Relative; of a time a step on a shared machine."""


def normal(rng: np.random.Generator, runs: int) -> Floats:
    """Return the times of a steady machine."""
    return 1 + SPREAD * rng.normal(size=runs)


def rounded(rng: np.random.Generator, runs: int) -> Floats:
    """Return median epochs, which are whole or half: many are equal."""
    return np.round(2 * rng.normal(20, 0.5, runs)) / 2


def share(rng: np.random.Generator, runs: int) -> Floats:
    """Return rates of 12 seeds, of which most converge."""
    return rng.binomial(12, 0.95, runs) / 12


def heavy(rng: np.random.Generator, runs: int) -> Floats:
    """Return times of which some are many times the others."""
    return np.exp(SPREAD * rng.standard_t(1.5, runs).clip(-100, 100))


def rare(rng: np.random.Generator, runs: int) -> Floats:
    """Return a constant but for one run in fifty."""
    return np.where(rng.random(runs) < 0.02, 1.0, 0.0)


def following(correlation: float) -> Draw:
    """Return a machine whose slow spells outlast a run, which no shuffle knows of."""

    def draw(rng: np.random.Generator, runs: int) -> Floats:
        values = rng.normal(size=runs)
        for place in range(1, runs):
            values[place] = correlation * values[place - 1] + values[place]
        return values

    return draw


def main() -> None:
    """Print false alarms by series and length, then the power by step and runs since."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=2000)
    count: int = parser.parse_args().series
    print(f"series without a step in which one is found, of {count} (95 % interval), by runs")
    print(" " * 22 + "".join(f"{runs:>18}" for runs in LENGTHS))
    for name, draw in (
        ("normal", normal),
        ("rounded", rounded),
        ("share of 12", share),
        ("heavy tails", heavy),
        ("rarely another", rare),
        ("follows by 0.2", following(0.2)),
        ("follows by 0.5", following(0.5)),
    ):
        print(f"{name:22}" + "".join(f"{alarms(draw, runs, count):>18}" for runs in LENGTHS))
    print(f"\nsteps found within 2 runs of where they are, of {count // 4}: 30 runs before,")
    print(f"spread {SPREAD:.0%}, by runs since")
    since = (2, 3, 5, 10, 20)
    print(" " * 22 + "".join(f"{runs:>8}" for runs in since))
    for size in (0.05, 0.1, 0.15, 0.2, 0.5):
        row = "".join(f"{power(size, runs, count // 4):>8.0%}" for runs in since)
        print(f"step of {size:<14.0%}" + row)


def alarms(draw: Draw, runs: int, count: int) -> str:
    """Return the share of series with a step, and its interval."""
    rng = np.random.default_rng([runs, count])
    found = sum(bool(steps(draw(rng, runs).tolist())) for _ in range(count))
    low, high = wilson_interval(found, count)
    return f"{found / count:.1%} ({low:.1%}-{high:.1%})"


def power(size: float, runs: int, count: int) -> float:
    """Return the share of steps that are found, and where they are."""
    rng = np.random.default_rng([runs, round(1000 * size)])
    before = 30
    hits = 0
    for _ in range(count):
        values = normal(rng, before + runs)
        values[before:] *= 1 + size
        hits += any(abs(place - before) <= 2 for place in steps(values.tolist()))
    return hits / count


if __name__ == "__main__":
    main()
