"""Runs as tests make them up: a day and a commit apart."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from harness.trend.run import CaseRecord, RunRecord

BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


def case(name: str = "rate/raised", epochs: float | None = 18.0, **changes: Any) -> CaseRecord:
    """Return a case of which all seeds converged after ``epochs``, or none of them."""
    converged = 0 if epochs is None else 12
    known: dict[str, Any] = {"outcome": "pass", "seeds": 12, "converged": converged, "metric": 0.5}
    return CaseRecord(name, "eager", "cpu", epochs=epochs, **(known | changes))


def run(day: int = 0, *cases: CaseRecord, **changes: Any) -> RunRecord:
    """Return a run of a day."""
    date = (BEGINNING + timedelta(days=day)).isoformat(timespec="seconds")
    known: dict[str, Any] = {
        "date": date,
        "commit": f"{day:040x}",
        "committed": date,
        "environment": {"torch": "2.13.0", "python": "3.11.7"},
        "cases": cases or (case(),),
    }
    return RunRecord(**(known | changes))


def runs(epochs: Sequence[float | None], name: str = "rate/raised") -> list[RunRecord]:
    """Return a run a day, in which a case took so many epochs."""
    return [run(day, case(name, each)) for day, each in enumerate(epochs)]


STEPPED = [18.0] * 10 + [24.0] * 5
"""Epochs that go up by a third at the eleventh run."""
