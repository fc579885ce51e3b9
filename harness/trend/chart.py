"""A measure of a case against its runs, as SVG: every run, the levels, and the steps between."""

from collections.abc import Sequence
from itertools import pairwise

from harness.report.charts.axis import Axis, value_axis
from harness.report.charts.curve import BOTTOM, HEIGHT, LEFT, POINTS, RIGHT, TOP, WIDTH
from harness.report.charts.svg import short, svg, text
from harness.results.bands import thinned
from harness.trend.run import Measure
from harness.trend.trend import Level, Trend
from harness.trend.words import NAMES, number


def chart(trend: Trend, measure: Measure) -> str:
    """Return the picture, without a style; the seconds of a step have a unit at their axis."""
    values = trend.values(measure)
    known = [value for value in values if value is not None]
    lowest, highest = (0.0, 1.0) if measure == "rate" else (min(known), max(known))
    up = value_axis(lowest, highest, BOTTOM, TOP)
    across = Axis(0, max(len(values) - 1, 1), LEFT, RIGHT)
    heights = [number(measure, level.value) for level in trend.levels[measure]]
    title = f"{NAMES[measure]} of {trend.id} over {len(known)} runs, levels {', '.join(heights)}"
    body = [
        *_grid(trend, measure, up),
        *_line(values, across, up),
        *_levels(trend.levels[measure], across, up),
    ]
    return svg(title, "\n".join(body), WIDTH, HEIGHT)


def _grid(trend: Trend, measure: Measure, up: Axis) -> list[str]:
    first, last = trend.runs[0], trend.runs[-1]
    name = "seconds a step" if measure == "seconds_per_step" else NAMES[measure]
    return [
        *(f'<path class="grid" d="M{LEFT} {up.at(y):.1f}H{RIGHT}"/>' for y in up.ticks),
        *(text(LEFT - 5, up.at(y) + 3.5, short(y), "end") for y in up.ticks),
        text(LEFT, BOTTOM + 12, first.name, "start"),
        *([text(RIGHT, BOTTOM + 12, last.name, "end")] if last is not first else []),
        text((LEFT + RIGHT) / 2, HEIGHT - 3, f"{len(trend.runs)} runs"),
        text(4, TOP - 5, name, "start"),
    ]


def _line(values: Sequence[float | None], across: Axis, up: Axis) -> list[str]:
    places = thinned([n for n, value in enumerate(values) if value is not None], POINTS)
    points = [f"{across.at(n):.1f} {up.at(values[n] or 0.0):.1f}" for n in places]
    dots = (point.split() for point in (points if len(points) < POINTS else []))
    return [
        f'<path class="median" d="M{"L".join([points[0], *points])}"/>',
        *(f'<circle class="dot" cx="{x}" cy="{y}" r="2"/>' for x, y in dots),
    ]


def _levels(found: Sequence[Level], across: Axis, up: Axis) -> list[str]:
    """Draw each level, and a rule where the next one begins; a single level is no news."""
    if len(found) == 1:
        return []
    lines = [
        f'<path class="level" d="M{across.at(each.first):.1f} {up.at(each.value):.1f}'
        f'H{across.at(each.last):.1f}"/>'
        for each in found
    ]
    places = [across.at((old.last + new.first) / 2) for old, new in pairwise(found)]
    return lines + [f'<path class="converged" d="M{x:.1f} {TOP}V{BOTTOM}"/>' for x in places]
