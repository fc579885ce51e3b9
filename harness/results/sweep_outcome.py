"""The one record of a sweep, its map of trainability, that every table and picture reads."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any

from pydantic import TypeAdapter

from harness.history import History, Stop
from harness.results.interval import wilson_interval
from harness.results.json_border import plain
from harness.results.schema_1 import map_upgraded
from harness.results.seed_run import seed_run
from harness.scenario import Case, Scenario, Sweep
from harness.scenario.criterion import Criterion
from harness.verdict import Symptom

DERIVED = ("seeds", "converged", "share", "interval", "median_epochs")
"""What results.json says of a point besides what it stores."""


@dataclass(frozen=True)
class MapAxis:
    """What was varied.

    Attributes:
        key: section and name, ``training.learning_rate``.
        values: from the first to the last.
        spacing: linear or log.
    """

    key: str
    values: tuple[float, ...]
    spacing: str

    @property
    def name(self) -> str:
        """The key without its section."""
        return self.key.rpartition(".")[2]


@dataclass(frozen=True)
class MapPoint:
    """What happened at one point.

    Attributes:
        values: on each axis.
        epochs_to_converge: of each seed, in seed order; ``None`` for one that did not.
        symptom: the commonest among the seeds that failed.
    """

    values: tuple[float, ...]
    epochs_to_converge: tuple[int | None, ...]
    symptom: Symptom | None

    @property
    def seeds(self) -> int:
        """How many were trained."""
        return len(self.epochs_to_converge)

    @property
    def converged(self) -> int:
        """How many of them converged."""
        return self.seeds - self.epochs_to_converge.count(None)

    @property
    def share(self) -> float:
        """Of the seeds that converged."""
        return self.converged / self.seeds

    @property
    def interval(self) -> tuple[float, float]:
        """Of the share, 95 % (Wilson 1927)."""
        return wilson_interval(self.converged, self.seeds)

    @property
    def median_epochs(self) -> float | None:
        """Over the seeds that converged, ``None`` if none did."""
        epochs = [epoch for epoch in self.epochs_to_converge if epoch is not None]
        return float(median(epochs)) if epochs else None


@dataclass(frozen=True)
class TrainabilityMap:
    """Which values of one or two numbers train.

    Attributes:
        scenario: the name of its file.
        name: its name within that file.
        question: what the scenario asks.
        note: what its author wants a reader to know.
        backend: what trained it.
        device: where.
        criterion: when a run counts as converged.
        axes: what was varied; one or two.
        epochs: the budget; ``None`` where it is what was varied.
        points: the last axis fastest; none if the map was not drawn.
        crashed: what the first seed raised whose training crashed, if one did; or why the map was
            not drawn.
        seconds: wall-clock time of all seeds.
    """

    scenario: str
    name: str
    question: str
    note: str
    backend: str
    device: str
    criterion: Criterion
    epochs: int | None
    axes: tuple[MapAxis, ...]
    points: tuple[MapPoint, ...]
    seconds: float
    crashed: str | None

    @property
    def id(self) -> str:
        """The map's name in results: ``training/learning_rate_map/rate``."""
        return f"{self.scenario}/{self.name}"

    @property
    def seeds(self) -> int:
        """How many were trained at each point."""
        return max((point.seeds for point in self.points), default=0)

    def to_dict(self) -> dict[str, Any]:
        """Return the record as results.json holds it: what is stored, and what follows."""
        points = [asdict(p) | {name: getattr(p, name) for name in DERIVED} for p in self.points]
        derived = {"id": self.id, "seeds": self.seeds, "points": points}
        return {name: plain(value) for name, value in (asdict(self) | derived).items()}

    @classmethod
    def from_dict(cls, record: dict[str, Any]) -> "TrainabilityMap":
        """Rebuild a record, of an older schema too; keys of a later version are passed over.

        Raises:
            pydantic.ValidationError: if ``record`` is not one of ours.
        """
        return TypeAdapter(cls).validate_python(map_upgraded(record))


def chart(
    scenario: Scenario,
    sweep: Sweep,
    backend: str,
    device: str,
    histories: Sequence[Sequence[History]],
) -> TrainabilityMap:
    """Put the histories of a sweep, `[point][seed]`, into one record."""
    everything = [history for seeds in histories for history in seeds]
    crashed = next((h for h in everything if h.stopped is Stop.CRASHED), None)
    points = [
        _point(tuple(_value(case, axis.key) for axis in sweep.axes), case, seeds)
        for case, seeds in zip(sweep.cases, histories, strict=True)
    ]
    return replace(
        not_drawn(scenario, sweep, backend, device, ""),
        points=tuple(points),
        seconds=round(sum(history.seconds for history in everything), 3),
        crashed=f"seed {crashed.seed} raised {crashed.message}" if crashed else None,
    )


def not_drawn(
    scenario: Scenario, sweep: Sweep, backend: str, device: str, reason: str
) -> TrainabilityMap:
    """Return the record of a sweep that was selected and of which there is no map."""
    budgets = {case.training.epochs for case in sweep.cases}
    return TrainabilityMap(
        scenario=sweep.scenario,
        name=sweep.name,
        question=scenario.question,
        note=sweep.note,
        backend=backend,
        device=device,
        criterion=Criterion.of(sweep.cases[0].converged),
        epochs=budgets.pop() if len(budgets) == 1 else None,
        axes=tuple(MapAxis(axis.key, axis.values, axis.spacing) for axis in sweep.axes),
        points=(),
        seconds=0.0,
        crashed=reason,
    )


def _value(case: Case, key: str) -> float:
    section, _, name = key.partition(".")
    value: float = getattr(getattr(case, section), name)
    return value


def _point(values: tuple[float, ...], case: Case, histories: Sequence[History]) -> MapPoint:
    runs = [seed_run(history, case.converged) for history in histories]
    failed = Counter(run.symptom for run in runs if run.symptom is not None)
    epochs = tuple(run.converged_at for run in runs)
    return MapPoint(values, epochs, max(failed, key=failed.__getitem__, default=None))
