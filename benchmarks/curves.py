"""False alarms and power of `harness compare` on curves, by simulation.

Run: python benchmarks/curves.py [--draws 1000] [--held-out]

Four families of curves, with noise that hangs together over points (AR(1)) and grows along the run.
An alarm is an equal run, with another realisation of the noise, that is called anything but same.
Seeds of repeats differ, besides, by 1 % in level and 3 % in the steps they need.
"""

import argparse
from collections.abc import Callable, Iterator

import numpy as np
from scipy.signal import lfilter

from harness.curves.comparison import TOLERANCE
from harness.curves.effects import Effect, compare_runs
from harness.curves.measures import Floats

FAMILIES: dict[str, Callable[[Floats], Floats]] = {
    "exponential": lambda t: 2.3 * np.exp(-5 * t) + 0.1,
    "power law": lambda t: 1.7 + 6 * (400 * t + 5) ** -0.4,
    "plateau, then drop": lambda t: 0.05 + 0.65 / (1 + np.exp((t - 0.5) / 0.03)),
    "flat": lambda t: 0 * t + 1.0,
}
HELD_OUT: dict[str, Callable[[Floats], Floats]] = {
    "two exponentials": lambda t: 1.5 * np.exp(-20 * t) + 0.8 * np.exp(-2 * t) + 0.3,
    "spike": lambda t: 2 * np.exp(-4 * t) + 0.5 + 0.6 * np.exp(-(((t - 0.6) / 0.03) ** 2)),
    "staircase": lambda t: 2.0 - 0.4 * (t > 0.3) - 0.6 * (t > 0.7),
}
"""Families that nothing was tuned on, drawn from numbers of their own."""

HELD_OUT_STREAM = 987654321

LEVEL_SPREAD, STEPS_SPREAD = 0.01, 0.03


class Simulation:
    """Draws runs of one family, length and noise."""

    def __init__(self, family: str, points: int, noise: float, correlation: float) -> None:
        """Take a standard deviation, relative, and the correlation of neighbouring points."""
        self.stream = [HELD_OUT_STREAM] if family in HELD_OUT else []
        self.level = (FAMILIES | HELD_OUT)[family]
        self.points, self.noise, self.correlation = points, noise, correlation

    def runs(
        self, rng: np.random.Generator, count: int, *, level: float = 1.0, slower: float = 1.0
    ) -> Floats:
        """Draw `[run, point]`; several runs are seeds, which differ by more than noise."""
        spread = rng.normal(size=(count, 2)) * (count > 1)
        lag = 200  # until the process no longer knows where it began
        white = rng.normal(size=(count, self.points + lag))
        scale = np.sqrt(1 - self.correlation**2)
        noise = lfilter([scale], [1, -self.correlation], white)[:, lag:]
        growing = self.noise * np.linspace(0.5, 1.5, self.points)
        slower_by = slower * np.exp(STEPS_SPREAD * spread[:, :1])
        mean = self.level(np.arange(1, self.points + 1) / self.points / slower_by)
        return level * np.exp(LEVEL_SPREAD * spread[:, 1:]) * mean * np.exp(growing * noise)


def comparisons(
    simulation: Simulation, seeds: int, draws: int, **change: float
) -> Iterator[tuple[Effect, ...]]:
    """Yield the effects of simulated comparisons."""
    steps = np.arange(1.0, simulation.points + 1)
    for draw in range(draws):
        rng = np.random.default_rng([draw, simulation.points, *simulation.stream])
        old = simulation.runs(rng, seeds)
        new = simulation.runs(rng, seeds, **change)
        yield compare_runs(old, new, steps, TOLERANCE, higher=False, paired=False)[1]


def row(simulation: Simulation, seeds: int, draws: int) -> str:
    """Return false alarms without and with the tolerance, and the power of two changes."""
    equal = list(comparisons(simulation, seeds, draws))
    cells = [
        np.mean([any((e.low or 0) > 0 or (e.high or 0) < 0 for e in each) for each in equal]),
        np.mean([any(e.worse or e.better for e in each) for each in equal]),
    ]
    for change in ({"level": 1.05}, {"slower": 1.2}):
        changed = comparisons(simulation, seeds, max(50, draws // 10), **change)
        cells.append(np.mean([any(e.worse for e in each) for each in changed]))
    return " | ".join(f"{cell:.1%}" for cell in cells)


def main() -> None:
    """Print a table for one curve a side and one for seeds."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--draws", type=int, default=1000)
    parser.add_argument("--held-out", action="store_true", help="families nothing was tuned on")
    given = parser.parse_args()
    draws = given.draws
    head = "alarms, no tolerance | alarms, 1 % | level +5 % | steps +20 %"
    print(f"| runs | points | noise | correlation | family | {head} |")
    print("|---:" * 4 + "|---" + "|---:" * 4 + "|")
    for seeds, points, noise, correlation in HARDEST if given.held_out else settings():
        for family in HELD_OUT if given.held_out else FAMILIES:
            cells = row(Simulation(family, points, noise, correlation), seeds, draws)
            shown = f"| {seeds} | {points} | {noise:.0%} | {correlation} | {family} | {cells} |"
            print(shown, flush=True)


HARDEST = (
    (1, 32, 0.05, 0.9),
    (1, 100, 0.05, 0.9),
    (1, 400, 0.02, 0.5),
    (3, 100, 0.02, 0.5),
    (12, 100, 0.02, 0.5),
)
"""Settings of the held-out families: where alarms are commonest, and two that see much."""


def settings() -> Iterator[tuple[int, int, float, float]]:
    """Yield runs a side, points, noise and its correlation."""
    for points in (32, 100, 400):
        for noise, correlation in ((0.02, 0.0), (0.1, 0.0), (0.02, 0.5), (0.05, 0.9)):
            yield 1, points, noise, correlation
    for seeds in (3, 6, 12):
        yield seeds, 100, 0.02, 0.5


if __name__ == "__main__":
    main()
