"""What an item says: failed, on the terminal, each fact once; any, to readers of XML."""

import shlex
from collections.abc import Sequence
from math import isfinite
from statistics import median
from typing import Any

import numpy as np
import pytest

from harness.pytest_plugin.options import OPTIONS
from harness.report import diagnosis, diagnosis_text, headline, printable, sparkline
from harness.results.bands import loss_bands
from harness.results.outcome import Outcome

LINE = 80
"""Columns of the curve with its name and its numbers; a logged run has no other width."""


def failure_of(outcome: Outcome, item: pytest.Item) -> str:
    """Return what to say of a case that did not pass, and the user's own traceback."""
    told = headline(outcome)
    lines = [printable(told)]
    if item.config.get_verbosity() > 0 and told not in outcome.sentence:
        lines += [printable(outcome.sentence)]
    lines += ["", *_curve(outcome), *_why(outcome), f"again   {_command(item)}"]
    if outcome.comparison.refused:
        lines += [
            f"accept  {_command(item)} --convergence-baseline=update --convergence-reason=WHY"
        ]
    lines += [f"\n{run.traceback}" for run in outcome.runs if run.traceback][:1]
    return "\n".join(lines)


def properties(outcome: Outcome) -> list[tuple[str, str]]:
    """Return what readers of pytest's reports are told of a case, as text, which xdist can send."""
    epochs = [epoch for epoch in outcome.epochs_to_converge if epoch is not None]
    told: dict[str, str] = {
        "case": outcome.id,
        "outcome": outcome.outcome,
        "converged": f"{outcome.converged}/{outcome.seeds}",
        "epochs_median": f"{median(epochs):g}" if epochs else "",
        "symptom": outcome.symptom.value if outcome.symptom else "",
        "diagnosis": outcome.diagnosis[0].cause if outcome.diagnosis else "",
        "baseline": outcome.comparison.status,
        "headline": "" if outcome.accepted else printable(headline(outcome)),
    }
    return [(f"convergence_{name}", value) for name, value in told.items()]


def _curve(outcome: Outcome) -> list[str]:
    """Draw the median loss over the seeds, and say where they converged."""
    losses = loss_bands(outcome.runs)[1].tolist()
    trained = len(losses) - 1
    if losses and not isfinite(losses[0]):  # before own training it is not known
        del losses[0]
    if len(losses) < 2:  # noqa: PLR2004  # no line
        return []
    epochs = [epoch for epoch in outcome.epochs_to_converge if epoch is not None]
    reached = f", converged at {median(epochs):g}" if epochs else ""
    ends = f"{losses[0]:.3g} to {losses[-1]:.3g}, {trained} epochs{reached}"
    accepted = _accepted(outcome, range(trained + 1 - len(losses), trained + 1))
    width = LINE - len(f"loss     {ends}")
    lines = [f"loss    {sparkline(losses, width, accepted)} {ends}"]
    if accepted:
        lines += [f"before  {sparkline(accepted, width, losses)} {accepted[-1]:.3g}, accepted"]
    return lines


def _why(outcome: Outcome) -> list[str]:
    """Say what was found of the cause, below the curve that it explains."""
    return [printable(line) for line in diagnosis_text(diagnosis(outcome), LINE)]


def _accepted(outcome: Outcome, epochs: Sequence[int]) -> list[float]:
    """Return the median loss of the accepted seeds at these epochs; empty if none was kept."""
    band = outcome.comparison.accepted_bands.get("loss")
    if band is None or not outcome.comparison.refused:
        return []
    found: list[float] = np.interp(epochs, band.epochs, band.median).tolist()
    return found


def _command(item: pytest.Item) -> str:
    """Return what trains this case alone, with the options that say how, in a shell's words."""
    given = [
        word
        for option in OPTIONS
        if option.name in HOW
        for word in _words(item.config.getoption(option.dest), option.flag, option.default)
    ]
    return shlex.join(["pytest", item.nodeid, *given])


HOW = ("backend", "device", "seeds", "quick")
"""Options without which the same case trains otherwise."""


def _words(value: Any, flag: str, default: Any) -> list[str]:
    if value is True:
        return [flag]
    if value in (default, None, False):
        return []
    several = list(dict.fromkeys(value)) if isinstance(value, list | tuple) else [value]
    return [] if several == list(default or ()) else [f"{flag}={each}" for each in several]
