"""The one record of a sweep, its map of trainability, that every table and picture reads."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from pydantic import TypeAdapter

from harness.history import History, Stop
from harness.results.outcome import criterion, wilson_interval
from harness.scenario import Case, Scenario, Sweep
from harness.verdict import judge


@dataclass(frozen=True)
class MapAxis:
    """What was varied: ``training.learning_rate``, its values and how they are spaced."""

    key: str
    values: list[float]
    spacing: str

    @property
    def name(self) -> str:
        """The key without its section."""
        return self.key.rpartition(".")[2]


@dataclass(frozen=True)
class MapPoint:
    """What happened at one point.

    Attributes:
        values: one an axis.
        share: of the seeds that converged; ``interval``: 95 % (Wilson 1927).
        epochs_to_converge: a seed, in seed order; ``None`` for one that did not.
        median_epochs: over the seeds that converged, ``None`` if none did.
        symptom: the commonest among the seeds that failed.
    """

    values: list[float]
    seeds: int
    converged: int
    share: float
    interval: tuple[float, float]
    epochs_to_converge: list[int | None]
    median_epochs: float | None
    symptom: str | None


@dataclass(frozen=True)
class TrainabilityMap:
    """Which values of one or two numbers train.

    Attributes:
        id: ``training/learning_rate_map/rate``.
        epochs: the budget; ``None`` where it is what was varied.
        points: the last axis fastest.
        crashed: what the first seed raised whose training crashed, if one did.
        seconds: wall-clock time of all seeds.
    """

    id: str
    scenario: str
    name: str
    question: str
    note: str
    backend: str
    device: str
    criterion: str
    epochs: int | None
    seeds: int
    axes: list[MapAxis]
    points: list[MapPoint]
    seconds: float
    crashed: str | None

    def to_dict(self) -> dict[str, Any]:
        """Return the record as plain dictionaries and lists."""
        return asdict(self)

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "TrainabilityMap":
        """Rebuild a record; keys that a later version added are passed over.

        Raises:
            pydantic.ValidationError: if ``record`` is not one of ours.
        """
        return TypeAdapter(cls).validate_python(record)


def chart(
    scenario: Scenario,
    sweep: Sweep,
    backend: str,
    device: str,
    histories: Sequence[Sequence[History]],
) -> TrainabilityMap:
    """Put the histories of a sweep, `[point][seed]`, into one record."""
    points = [
        _point([_value(case, axis.key) for axis in sweep.axes], case, seeds)
        for case, seeds in zip(sweep.cases, histories, strict=True)
    ]
    budgets = {case.training.epochs for case in sweep.cases}
    everything = [history for seeds in histories for history in seeds]
    crashed = next((h for h in everything if h.stopped is Stop.CRASHED), None)
    return TrainabilityMap(
        id=sweep.id,
        scenario=sweep.scenario,
        name=sweep.name,
        question=scenario.question,
        note=sweep.note,
        backend=backend,
        device=device,
        criterion=criterion(sweep.cases[0]),
        epochs=budgets.pop() if len(budgets) == 1 else None,
        seeds=max(map(len, histories)),
        axes=[MapAxis(axis.key, list(axis.values), axis.spacing) for axis in sweep.axes],
        points=points,
        seconds=round(sum(history.seconds for history in everything), 3),
        crashed=f"seed {crashed.seed} raised {crashed.message}" if crashed else None,
    )


def _value(case: Case, key: str) -> float:
    section, _, name = key.partition(".")
    value: float = getattr(getattr(case, section), name)
    return value


def _point(values: list[float], case: Case, histories: Sequence[History]) -> MapPoint:
    verdict = judge(case, histories)
    epochs = [phase.converged_at for phase in verdict.phases]
    converged = [epoch for epoch in epochs if epoch is not None]
    return MapPoint(
        values=values,
        seeds=len(histories),
        converged=len(converged),
        share=len(converged) / len(histories),
        interval=wilson_interval(len(converged), len(histories)),
        epochs_to_converge=epochs,
        median_epochs=float(median(converged)) if converged else None,
        symptom=None if verdict.symptom is None else str(verdict.symptom),
    )
