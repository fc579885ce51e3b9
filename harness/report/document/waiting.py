"""The answer to "why do the first epochs not move?", where it is: nothing is wrong, wait."""

from itertools import pairwise
from statistics import median

from harness.report.sparkline import sparkline
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.verdict.plateau import Plateau, plateau_of


def waiting(outcome: Outcome) -> str:
    """Say of plateaus that end by themselves how that can be seen.

    Empty where most do not, and where something else is wrong.
    """
    if outcome.cause is not None and outcome.cause.cause != "too_few_epochs":
        return ""
    found = [(run, each) for run in outcome.runs if (each := _plateau(run)) is not None]
    ending = [(run, each) for run, each in found if each.ends]
    if 2 * len(ending) <= len(outcome.runs):
        return ""
    run, typical = sorted(ending, key=lambda pair: pair[1].epochs)[len(ending) // 2]
    length = median(each.epochs for _, each in ending)
    return (
        f"Nothing is wrong, wait: in the first {length:g} epochs "
        f"{_metric(outcome, run, typical)}the loss falls in every one, by ever more (seed "
        f"{run.seed}: from {typical.start:.4f} to {typical.end:.4f}, by {typical.first:.1g} in the "
        f"first and {typical.last:.1g} in the last), in {len(ending)} of {outcome.seeds} seeds. "
        f"Such a plateau ends by itself. Seed {run.seed}, epoch by epoch: {_curves(outcome, run)}."
    )


WIDTH = 40
"""Characters of a curve."""


def _curves(outcome: Outcome, run: SeedRun) -> str:
    """Draw the seed's loss, how far it fell in each epoch, and what the case asks for."""
    losses = [value for value in run.train_loss if value is not None]
    falls = [max(before - after, 0.0) for before, after in pairwise(losses)]
    drawn = {"loss": losses, "fall": falls}
    metric = [value for value in run.judged_metric(outcome.criterion) if value is not None]
    if outcome.criterion.metric != "loss":
        drawn[outcome.criterion.metric] = metric
    return ", ".join(f"{name} {sparkline(values, WIDTH)}" for name, values in drawn.items())


def _plateau(run: SeedRun) -> Plateau | None:
    return plateau_of(run.train_loss, run.plateau)


def _metric(outcome: Outcome, run: SeedRun, found: Plateau) -> str:
    """Say between which values the metric stays meanwhile; empty if it is the loss itself."""
    if outcome.criterion.metric == "loss":
        return ""
    values = run.judged_metric(outcome.criterion)[: found.epochs + 1]
    seen = [value for value in values if value is not None]
    if not seen:
        return ""
    return f"{outcome.criterion.metric} stays between {min(seen):.2f} and {max(seen):.2f} while "
