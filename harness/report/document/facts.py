"""What stands below the pictures of a case: each fact with its name."""

import shlex
from collections import Counter
from collections.abc import Iterator

from harness.report.document.cases import CaseRow
from harness.report.document.phrases import (
    claim,
    epochs,
    median_transition,
    middle,
    share_interval,
    step_time,
)
from harness.results.outcome import Outcome


def facts(row: CaseRow) -> tuple[tuple[str, str], ...]:
    """Return names and texts, in the order in which a reader asks."""
    return tuple((name, text) for name, text in _all(row) if text and text != "-")


def _all(row: CaseRow) -> Iterator[tuple[str, str]]:
    outcome = row.outcome
    yield "claim", claim(outcome)
    yield "converged when", str(outcome.criterion)
    yield "decided", outcome.verdict.sentence
    yield "seeds that converged", share_interval(outcome)
    yield "epochs to converge, median and range", epochs(outcome)
    yield "plateau and transition, median epochs", _phases(outcome)
    yield "against the baseline", outcome.comparison.sentence
    yield "probes", _probes(outcome)
    yield "a step", step_time(outcome)
    yield "differs from its scenario's other cases by", "; ".join(outcome.overrides)
    yield "train it again", shlex.join(["pytest", outcome.node]) if outcome.node else ""


def _phases(outcome: Outcome) -> str:
    plateau, transition = middle(outcome.plateau_epochs), median_transition(outcome)
    return "" if plateau is None or transition is None else f"{plateau:g} and {transition:g}"


def _probes(outcome: Outcome) -> str:
    """Count those that agree, and tell of the others."""
    counts = Counter(probe.status for probe in outcome.probes)
    counted = ", ".join(f"{count} {status}" for status, count in counts.items())
    told = [f"{p.name}: {p.sentence}" for p in outcome.probes if p.status in ("fail", "error")]
    return "; ".join(filter(None, [counted, *told]))
