"""Maps of trainability in words: their tables, and what each says in one sentence."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from harness.report.document.phrases import epochs, median_epochs, share, share_interval, words
from harness.report.document.table import Table, text_table
from harness.results.sweep_outcome import MapPoint, TrainabilityMap


@dataclass(frozen=True)
class DrawnMap:
    """A map, and what is said of it.

    Attributes:
        title: its id, with where it was drawn if that differs.
        setting: what a point is: ``6 seeds a point, 15 epochs at most. Converged: ...``.
        sentence: where training works: ``all 6 seeds converge at 5 of 13 points: 0.01 to 1``.
        tables: from the fullest to the narrowest, none if it was not drawn. One axis: a value a
            row. Two: the first axis down, the second across.
    """

    record: TrainabilityMap
    title: str
    setting: str
    sentence: str
    tables: tuple[Table, ...]

    @property
    def result(self) -> str:
        """A map claims nothing: it passes unless training crashed."""
        return "pass" if self.record.crashed is None else "error"


def drawn_maps(maps: Sequence[TrainabilityMap]) -> tuple[DrawnMap, ...]:
    """Describe the maps of a report."""
    several = len({(each.backend, each.device) for each in maps}) > 1
    return tuple(
        DrawnMap(
            record=each,
            title=f"{each.id} on {each.backend} {each.device}" if several else each.id,
            setting=_setting(each),
            sentence=_sentence(each),
            tables=tuple(_tables(each)),
        )
        for each in maps
    )


def _tables(found: TrainabilityMap) -> list[Table]:
    if not found.points:
        return []
    return _lists(found) if len(found.axes) == 1 else _grids(found)


def _lists(found: TrainabilityMap) -> list[Table]:
    name = found.axes[0].name
    full = [[_value(p), share_interval(p), epochs(p), words(p.symptom)] for p in found.points]
    short = [[_value(p), share(p), median_epochs(p)] for p in found.points]
    return [
        text_table([name, "converged", "epochs", "the others"], full),
        text_table([name, "converged", "epochs"], short),
        text_table(["value", "converged"], [row[:2] for row in short]),
    ]


def _grids(found: TrainabilityMap) -> list[Table]:
    down, across = found.axes
    heads = [f"{down.name} \\ {across.name}", *(f"{value:g}" for value in across.values)]
    rows = by_rows(found)
    full = [[_value(row[0]), *(f"{share(p)}, {median_epochs(p)}" for p in row)] for row in rows]
    short = [[_value(row[0]), *(str(p.converged) for p in row)] for row in rows]
    bare = [heads[0], *("" for _ in across.values)]
    return [text_table(heads, full), text_table(heads, short), text_table(bare, short)]


def by_rows(found: TrainabilityMap) -> list[tuple[MapPoint, ...]]:
    """Return the points of a map of two axes, a list for each value of the first."""
    wide = len(found.axes[1].values)
    return [found.points[n : n + wide] for n in range(0, len(found.points), wide)]


def _sentence(found: TrainabilityMap) -> str:
    if found.crashed is not None:
        return f"error: {found.crashed}"
    good = sum(point.share == 1 for point in found.points)
    text = f"all {found.seeds} seeds converge at {good} of {len(found.points)} points"
    return f"{text}: {', '.join(_spans(found))}" if good and len(found.axes) == 1 else text


def _spans(found: TrainabilityMap) -> list[str]:
    """Return the unbroken stretches in which all seeds converge."""
    stretches = [list(each) for good, each in groupby(found.points, _trains) if good]
    ends = [dict.fromkeys([_value(each[0]), _value(each[-1])]) for each in stretches]
    return [" to ".join(each) for each in ends]


def _trains(point: MapPoint) -> bool:
    return point.share == 1


def _setting(found: TrainabilityMap) -> str:
    if not found.points:
        return f"Converged: {found.criterion}."
    budget = f", {found.epochs} epochs at most" if found.epochs is not None else ""
    return f"{found.seeds} seeds a point{budget}. Converged: {found.criterion}."


def _value(point: MapPoint) -> str:
    return f"{point.values[0]:g}"
