"""Maps of trainability in words: their tables, and what each says in one sentence."""

from collections.abc import Sequence
from itertools import groupby

from harness.results.sweep_outcome import MapPoint, TrainabilityMap

Table = tuple[list[str], list[list[str]]]
"""Headings, and rows of cells."""

HEADING = "Maps of trainability"


def tables(found: TrainabilityMap) -> list[Table]:
    """Return the map as tables, from the fullest to the narrowest.

    One axis: a value a row. Two: the first axis down, the second across.
    """
    return _lists(found) if len(found.axes) == 1 else _grids(found)


def _lists(found: TrainabilityMap) -> list[Table]:
    name = found.axes[0].name
    full = [[_value(p), _interval(p), _epochs(p), _symptom(p)] for p in found.points]
    short = [[_value(p), _share(p), _median(p)] for p in found.points]
    return [
        ([name, "converged", "epochs", "the others"], full),
        ([name, "converged", "epochs"], short),
        (["value", "converged"], [row[:2] for row in short]),
    ]


def _grids(found: TrainabilityMap) -> list[Table]:
    down, across = found.axes
    heads = [f"{down.name} \\ {across.name}", *(f"{value:g}" for value in across.values)]
    rows = by_rows(found)
    full = [[_value(row[0]), *(f"{_share(p)}, {_median(p)}" for p in row)] for row in rows]
    short = [[_value(row[0]), *(str(p.converged) for p in row)] for row in rows]
    bare = [heads[0], *("" for _ in across.values)]
    return [(heads, full), (heads, short), (bare, short)]


def by_rows(found: TrainabilityMap) -> list[list[MapPoint]]:
    """Return the points of a map of two axes, a list for each value of the first."""
    wide = len(found.axes[1].values)
    return [list(found.points[n : n + wide]) for n in range(0, len(found.points), wide)]


def sentence(found: TrainabilityMap) -> str:
    """Say where training works: ``all 6 seeds converge at 5 of 13 points: 0.01 to 1``."""
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


def title(found: TrainabilityMap, maps: Sequence[TrainabilityMap]) -> str:
    """Name a map, with where it was drawn if that differs."""
    places = {(each.backend, each.device) for each in maps}
    return f"{found.id} on {found.backend} {found.device}" if len(places) > 1 else found.id


def setting(found: TrainabilityMap) -> str:
    """Say what a point is: ``6 seeds a point, 15 epochs at most. Converged: ...``."""
    budget = f", {found.epochs} epochs at most" if found.epochs is not None else ""
    return f"{found.seeds} seeds a point{budget}. Converged: {found.criterion}."


def _value(point: MapPoint) -> str:
    return f"{point.values[0]:g}"


def _share(point: MapPoint) -> str:
    return f"{point.converged}/{point.seeds}"


def _interval(point: MapPoint) -> str:
    low, high = point.interval
    return f"{_share(point)} ({100 * low:.0f}-{100 * high:.0f} %)"


def _median(point: MapPoint) -> str:
    return "-" if point.median_epochs is None else f"{point.median_epochs:g}"


def _epochs(point: MapPoint) -> str:
    values = [epoch for epoch in point.epochs_to_converge if epoch is not None]
    return f"{_median(point)} ({min(values)}-{max(values)})" if values else "-"


def _symptom(point: MapPoint) -> str:
    return point.symptom.replace("_", " ") if point.symptom else "-"
