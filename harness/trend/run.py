"""What the history keeps of a run, and of each of its cases."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from statistics import median
from typing import Any, Literal

from harness.report import printable
from harness.results.outcome import Outcome

Measure = Literal["rate", "epochs", "metric", "seconds_per_step"]
MEASURES: tuple[Measure, ...] = ("rate", "epochs", "metric", "seconds_per_step")

KEY = ("id", "backend", "device")
"""What tells a case's series from all others."""

OF_THE_RUN = ("date", "commit", "committed", "modified", "run")
"""Names in a report's environment that say which run it was; all others are what it ran with."""

SHORT = 8
"""Characters of a commit that are shown."""


class HistoryError(Exception):
    """Why the history cannot be read or written, in one sentence."""


@dataclass(frozen=True)
class CaseRecord:
    """A case in one run.

    Attributes:
        epochs: the median over the seeds that converged; ``None`` where none did.
        metric: the judged metric as training ended, the median over the seeds.
        seconds_per_step: ``None`` where it was not measured.
        diagnosis: the likeliest cause of its failure.
    """

    id: str
    backend: str
    device: str
    outcome: str
    seeds: int
    converged: int
    epochs: float | None = None
    metric: float | None = None
    seconds_per_step: float | None = None
    symptom: str | None = None
    diagnosis: str | None = None

    @property
    def row(self) -> tuple[Any, ...]:
        """All that is kept, in the order of the fields."""
        return tuple(vars(self).values())

    @property
    def rate(self) -> float | None:
        """The share of its seeds that converged."""
        return self.converged / self.seeds if self.seeds else None

    def value(self, measure: Measure) -> float | None:
        """Return what was measured, ``None`` where nothing was."""
        found: float | None = getattr(self, measure)
        return found


@dataclass(frozen=True)
class RunRecord:
    """A complete run.

    Attributes:
        date: when it began, UTC, ISO 8601 to the second.
        commit: its hash; empty outside a repository.
        committed: when that was committed, as ``date``; empty likewise.
        modified: whether files differed from it.
        environment: versions and machine, by name.
    """

    date: str
    commit: str = ""
    committed: str = ""
    modified: bool = False
    environment: Mapping[str, str] = field(default_factory=dict)
    cases: tuple[CaseRecord, ...] = ()

    @property
    def order(self) -> tuple[str, str]:
        """What runs are sorted by: a commit that is tried later still stands where it belongs."""
        return self.committed or self.date, self.date

    @property
    def name(self) -> str:
        """The commit, marked where files were modified, or else the date."""
        return f"{self.commit[:SHORT]}{'+' * self.modified}" if self.commit else self.date[:16]

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of all that is kept; two records of one run have the same."""
        known = [self.date, self.commit, self.committed, self.modified, self.environment]
        cases = sorted((each.row for each in self.cases), key=repr)
        text = json.dumps([known, cases], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def run_of(environment: Mapping[str, str | int], outcomes: Sequence[Outcome]) -> RunRecord:
    """Return what is kept of a report.

    Raises:
        HistoryError: if the report does not say when it was made.
    """
    try:
        date = _utc(environment["date"])
        committed = _utc(environment["committed"]) if "committed" in environment else ""
    except (KeyError, ValueError):
        raise HistoryError(
            "the report does not say, in its environment, when it was made"
        ) from None
    return RunRecord(
        date=date,
        commit=printable(str(environment.get("commit", ""))),
        committed=committed,
        modified="modified" in environment,
        environment=_ran_with(environment),
        cases=tuple({_key(each): _case(each) for each in outcomes}.values()),
    )


def _ran_with(environment: Mapping[str, str | int]) -> dict[str, str]:
    kept = {name: value for name, value in environment.items() if name not in OF_THE_RUN}
    return {printable(name): printable(str(value)) for name, value in kept.items()}


def _utc(date: str | int) -> str:
    """Return the first date; a report that others were merged into has several."""
    first = str(date).partition(";")[0]
    return datetime.fromisoformat(first).astimezone(UTC).isoformat(timespec="seconds")


def _key(outcome: Outcome) -> tuple[str, str, str]:
    return printable(outcome.id), printable(outcome.backend), printable(outcome.device)


def _case(outcome: Outcome) -> CaseRecord:
    epochs = [each for each in outcome.epochs_to_converge if each is not None]
    return CaseRecord(
        *_key(outcome),
        outcome=outcome.outcome,
        seeds=outcome.seeds,
        converged=outcome.converged,
        epochs=float(median(epochs)) if epochs else None,
        metric=_finite(outcome.metric),
        seconds_per_step=_finite(outcome.seconds_per_step),
        symptom=outcome.symptom.value if outcome.symptom else None,
        diagnosis=printable(outcome.cause.cause) if outcome.cause else None,
    )


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None
