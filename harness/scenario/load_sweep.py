"""A `[[sweep]]` table -> a case at every point of its map, or what is wrong with it."""

from math import prod

from harness.scenario.case import Claim, Sweep, SweepAxis
from harness.scenario.merge import Table, merge, model_of
from harness.scenario.resolve import Resolver
from harness.scenario.sweep import (
    MOST_AXES,
    MOST_TRAININGS,
    Range,
    SweepHead,
    ends,
    kind_of,
    laid_over,
    points,
    split,
)
from harness.scenario.vocabulary import nearest


def load_sweep(resolver: Resolver, where: str, table: Table) -> Sweep | None:
    """Return the sweep at ``where`` (``sweep[0]``), or ``None`` if anything is wrong with it."""
    problems = resolver.problems
    before = len(problems)
    plain, ranges = split(table)
    rest = {key: value for key, value in table.items() if key not in plain}
    head = resolver.validated(SweepHead, rest, lambda _: where)
    if not 1 <= len(ranges) <= MOST_AXES:
        problems.add(where, f"varies {len(ranges)} keys: give one or two of them a range")
    read = [_axis(resolver, where, key, ranges[key], plain) for key in ranges]
    axes = tuple(axis for axis in read if axis is not None)
    if head is None or len(problems) > before:
        resolver.case(where, None, plain)
        return None
    trainings = head.seeds * prod(len(axis.values) for axis in axes)
    if trainings > MOST_TRAININGS:
        most = f"at most {MOST_TRAININGS:,}: fewer seeds or points"
        problems.add(f"{where}.seeds", f"asks for {trainings:,} trainings in all, {most}")
        return None
    for end in ends(axes):  # before all points, so that a bound is not broken at each
        resolver.case(where, None, laid_over(plain, end))
    if len(problems) > before:
        return None
    cases = [
        resolver.case(where, _claim_of_point(f"{head.name}[{name}]"), laid_over(plain, point))
        for name, point in points(axes)
    ]
    resolved = tuple(case for case in cases if case is not None)
    return Sweep(resolver.scenario, head.name, head.note, head.seeds, axes, resolved)


def _axis(resolver: Resolver, where: str, key: str, table: Table, plain: Table) -> SweepAxis | None:
    """Read the range of one key, which has to be a number of its section."""
    section, _, last = key.partition(".")
    place, problems = f"{where}.{key}", resolver.problems
    written = resolver.written(section, where, plain)
    model = model_of(section, merge(written.shared, written.own))
    if model is None:
        return None
    if last not in model.model_fields:
        problems.add(place, f"unknown key{nearest(last, model.model_fields)}")
        return None
    kind = kind_of(model.model_fields[last].annotation)
    if kind is None:
        problems.add(place, "is no number; only numbers have a range")
        return None
    declared = resolver.validated(Range, table, lambda _: place)
    if declared is None:
        return None
    if kind is int and not (declared.first.is_integer() and declared.last.is_integer()):
        problems.add(place, "must begin and end with whole numbers")
        return None
    return SweepAxis(key, declared.values(kind), declared.spacing)


def _claim_of_point(name: str) -> Claim:
    """Return the claim of a sweep's point; it is mapped, not judged."""
    return Claim.model_construct(name=name, expect="converges")
