"""What the fixture costs over calling `train` in a loop, and what its statements see.

Run: python benchmarks/own_training.py; the cost alone: with --cost; the claims about means: with
--means

The cost is that of `check` in a test, beside a loop over the same seeds in the same test, each with
evaluations of 10 ms, the last of which converges: nothing is closed early and no failure is
explained. Power and false alarms are simulated, one comparison at a time at the gate's
rate of 1 %: log epochs scatter by 8.4 % between seeds and by 20 % of a change between pairs, both
as measured on hello world (benchmarks/comparison_power.py).
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from harness.backends.own.generator import record
from harness.baseline import Differences, SeedRecord, Terms, control_false_discoveries
from harness.baseline.comparison import compare_seeds
from harness.results.seed_run import seed_run
from harness.scenario.rule import Bound, Rule
from harness.verdict import Decision, MeanBound, decide_mean

COUNTS = (3, 6, 12, 24)
DRAWS = 1000
POWERED = 100
"""Draws per size of change, where power is bisected for."""
AT_BOUND, WITHIN = 20_000, 1000
"""Draws of a claim about a mean; the share of false passes has a standard error of 0.07 %."""
BETWEEN_SEEDS, OWN_SCATTER, ROUNDING = 0.084, 0.2, 1e-6

Rng = np.random.Generator
Sides = tuple[list[SeedRecord], list[SeedRecord]]
Draw = Callable[[Rng, int, float], Sides]


def main() -> None:
    """Print the cost, the power, the false alarms, and the errors of claims about means."""
    if "--means" in sys.argv:
        means_claimed()
        return
    cost()
    if "--cost" in sys.argv:
        return
    print("\nslow-down seen with 90 % power, margin 5 %; worse mean, margin 1 %")
    print("seeds  " + "  ".join(f"{name:>20}" for name in COMPARED))
    for seeds in COUNTS:
        cells = [smallest(*compared, seeds) for compared in COMPARED.values()]
        print(f"{seeds:5}  " + "  ".join(f"{cell:>20}" for cell in cells))
    print(f"\nfalse alarms in {DRAWS:,} clean comparisons (any answer that fails)")
    for seeds in COUNTS:
        counted = [alarms(*compared, seeds) for compared in COMPARED.values()]
        print(f"{seeds:5}  " + "  ".join(f"{cell:>20}" for cell in counted))
    means_claimed()


def means_claimed() -> None:
    """Print how often claims about a mean pass: at the bound, where none should, and within it."""
    print(
        f"\nclaims about a mean, looked at every N seeds up to 4 N; {AT_BOUND:,} draws at the bound"
    )
    print("    N  false passes  passes 0.5, 0.7, 1 sd within it")
    for seeds in COUNTS:
        claim = MeanBound(0.0, upward=False, every=seeds, most=4 * seeds)
        at = passes(normal, claim, 0.0, AT_BOUND)
        within = [passes(normal, claim, shift, WITHIN) for shift in (0.5, 0.7, 1.0)]
        print(f"{seeds:5}  {at:>12.2%}  " + ", ".join(f"{share:.0%}" for share in within))
    print("\nfalse passes at the bound, 12 seeds at a time up to 48, by how values scatter")
    for name, draw in SCATTER.items():
        claims = (MeanBound(0.0, upward=False), MeanBound(0.0, upward=True))
        below, above = (passes(draw, claim, 0.0, AT_BOUND) for claim in claims)
        print(f"{name:>24}  at most: {below:.2%}  at least: {above:.2%}")


MINE = """
import time

def train(seed):
    for epoch in range(20):
        time.sleep(0.01)
        yield {"loss": 0.7 * 0.9**epoch + 1e-5 * seed}

def taken(call):
    clocks = time.perf_counter, time.process_time
    started = [clock() for clock in clocks]
    call()
    return [clock() - began for clock, began in zip(clocks, started)]

def loop():
    for seed in range(12):
        for _ in train(seed):
            pass

def test_it(convergence):
    for name in "01234":
        checked = lambda: convergence.check(train, at_most={"loss": 0.1}, name=name)
        print("MEASURED", *taken(loop), *taken(checked))
"""


def cost() -> None:
    """Print what `check` takes beside the training itself, and what each evaluation does."""
    with TemporaryDirectory() as folder:
        (Path(folder) / "test_mine.py").write_text(MINE, encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-m", "pytest", "-s", "-q", "--convergence-workers=1"],
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
    lines = [line.partition("MEASURED ")[2] for line in ran.stdout.splitlines()]
    times = np.array([[float(each) for each in line.split()] for line in lines if line])
    (alone, busy, later, busy_later), first = times[1:].min(axis=0), times[0, 2]
    print(
        f"12 seeds of 20 evaluations of 10 ms: {alone:.3f} s in a loop, {later:.3f} s checked "
        f"({later / alone - 1:+.1%}), {1e3 * (busy_later - busy):.0f} ms of processor time more "
        f"({(busy_later - busy) / alone:.1%}); the first check of a run takes "
        f"{first - later:.2f} s more"
    )
    rule = Rule((Bound("loss", at_most=-1.0),), budget=200)
    bare, recorded = (min(timed(rule, watched=way) for _ in range(5)) for way in (False, True))
    per = (recorded - bare) / 200
    print(f"recording adds {1e6 * per:.1f} us per evaluation ({per / 10e-3:.2%} of one of 10 ms)")


def timed(rule: Rule, *, watched: bool) -> float:
    """Return the seconds of 200 evaluations, consumed by a loop or by the fixture's recorder."""
    started = time.perf_counter()
    if watched:
        seed_run(record(train, 0, rule, lambda *_: None), rule.criterion)
    else:
        for _ in train(0):
            pass
    return time.perf_counter() - started


def train(seed: int) -> Iterator[Mapping[str, float]]:
    """Yield a falling loss and an accuracy that follows it."""
    for epoch in range(200):
        loss = 0.7 * 0.99**epoch + 1e-3 * seed
        yield {"loss": loss, "accuracy": 1 - loss}


def seed(number: int, crossing: float, metric: float = 0.0) -> SeedRecord:
    """Return a seed that crosses its levels, and ends with a metric."""
    return SeedRecord(
        seed=number,
        stopped="converged",
        epochs=int(np.ceil(crossing)),
        epochs_to_converge=int(np.ceil(crossing)),
        loss_crossing=crossing,
        metric_crossing=crossing,
        final_loss=metric,
        final_metric=metric,
        first_losses=(),
    )


def pairs(rng: Rng, seeds: int, slower: float) -> Sides:
    """Draw the same seeds twice: apart by rounding, and by a change that scatters."""
    accepted = np.log(20) + BETWEEN_SEEDS * rng.normal(size=seeds)
    spread = np.hypot(ROUNDING, OWN_SCATTER * np.log1p(slower))
    new = accepted + np.log1p(slower) + spread * rng.normal(size=seeds)
    return [seed(n, float(np.exp(at))) for n, at in enumerate(new)], [
        seed(n, float(np.exp(at))) for n, at in enumerate(accepted)
    ]


def samples(rng: Rng, seeds: int, slower: float) -> Sides:
    """Draw different seeds."""
    times = np.exp(np.log(20) + BETWEEN_SEEDS * rng.normal(size=(2, seeds)))
    new = [seed(n, float(at)) for n, at in enumerate(times[0] * (1 + slower))]
    return new, [seed(100 + n, float(at)) for n, at in enumerate(times[1])]


def means(rng: Rng, seeds: int, worse: float) -> Sides:
    """Draw final losses of different seeds, which scatter by 1 %."""
    losses = 3.28 * (1 + 0.01 * rng.normal(size=(2, seeds)))
    losses[0] *= 1 + worse
    new, accepted = (
        [
            replace(seed(100 * side + n, 20.0, float(loss)), stopped="budget")
            for n, loss in enumerate(values)
        ]
        for side, values in enumerate(losses)
    )
    return new, accepted


COMPARED: dict[str, tuple[Draw, Terms]] = {
    "paired": (pairs, Terms()),
    "unpaired": (samples, Terms(pairing="none")),
    "unpaired, one-sided": (samples, Terms(pairing="none", direction="slower")),
    "means, unpaired": (means, Terms(margin=0.01, pairing="none", upward=False)),
}


def status(draw: Draw, terms: Terms, rng: Rng, seeds: int, change: float) -> tuple[str, bool]:
    """Draw and compare once: what is said, and whether it fails."""
    found: Differences = compare_seeds(*draw(rng, seeds, change), (), terms)
    (comparison,) = control_false_discoveries([found])
    return comparison.status, comparison.regressed


def power(draw: Draw, terms: Terms, seeds: int, change: float) -> float:
    """Return the share of comparisons that call a change slower."""
    rng = np.random.default_rng(0)
    said = [status(draw, terms, rng, seeds, change)[0] for _ in range(POWERED)]
    return said.count("slower") / POWERED


def smallest(draw: Draw, terms: Terms, seeds: int) -> str:
    """Bisect for the change that nine of ten comparisons see."""
    low, high = terms.margin, 2.0
    if power(draw, terms, seeds, high) < 0.9:
        return "none"
    while high - low > 0.005:
        middle = (low + high) / 2
        low, high = (low, middle) if power(draw, terms, seeds, middle) >= 0.9 else (middle, high)
    return f"{high:.1%}"


def alarms(draw: Draw, terms: Terms, seeds: int) -> int:
    """Count clean comparisons that fail."""
    rng = np.random.default_rng(1)
    return sum(status(draw, terms, rng, seeds, 0.0)[1] for _ in range(DRAWS))


def normal(rng: Rng, shape: Sequence[int]) -> np.ndarray:
    """Draw normal values of spread 1."""
    return rng.normal(size=shape)


def lognormal(spread: float, rng: Rng, shape: Sequence[int]) -> np.ndarray:
    """Draw lognormal values, less their mean, whose deviation is so large a share of it."""
    variance = np.log1p(spread**2)
    return np.exp(rng.normal(-variance / 2, variance**0.5, shape)) - 1


def outliers(share: float, off: float, rng: Rng, shape: Sequence[int]) -> np.ndarray:
    """Draw normal values of which some lie so far above the others; their mean is 0."""
    return rng.normal(size=shape) + off * ((rng.random(shape) < share) - share)


SCATTER: dict[str, Callable[[Rng, Sequence[int]], np.ndarray]] = {
    "normal": normal,
    "uniform": lambda rng, shape: rng.uniform(-1, 1, shape),
    "Student's t, 3 df": lambda rng, shape: rng.standard_t(3, shape),
    "lognormal, spread 25 %": lambda rng, shape: lognormal(0.25, rng, shape),
    "lognormal, spread 50 %": lambda rng, shape: lognormal(0.5, rng, shape),
    "lognormal, spread 100 %": lambda rng, shape: lognormal(1.0, rng, shape),
    "gamma, shape 4": lambda rng, shape: rng.gamma(4, size=shape) - 4,
    "exponential": lambda rng, shape: rng.exponential(size=shape) - 1,
    "1 of 5 seeds 3 sd off": lambda rng, shape: outliers(0.2, 3, rng, shape),
    "1 of 20 seeds 5 sd off": lambda rng, shape: outliers(0.05, 5, rng, shape),
}


def passes(
    draw: Callable[[Rng, Sequence[int]], np.ndarray], claim: MeanBound, within: float, draws: int
) -> float:
    """Return the share of claims that pass, with the mean so far within the bound."""
    drawn = draw(np.random.default_rng(claim.every), (draws, claim.most))
    values = drawn + (within if claim.upward else -within)
    said = [decide_mean(each, claim).decision for each in values.tolist()]
    return said.count(Decision.CONFIRMED) / len(said)


if __name__ == "__main__":
    main()
