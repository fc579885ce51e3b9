"""A map of trainability over one number; over two, see `heat_map`."""

from collections.abc import Sequence
from itertools import pairwise

from harness.report.charts.axis import Axis
from harness.report.charts.heat_map import heat_map
from harness.report.charts.svg import band, short, svg, text
from harness.report.document.maps import DrawnMap
from harness.results.sweep_outcome import MapAxis, MapPoint, TrainabilityMap

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT = 44, 472
UPPER, LOWER = (20, 128), (164, 264)
"""Top and bottom of the two panels: share of seeds, and epochs."""

SHARES = "seeds that converge, with 95 % interval; shaded: all of them"
EPOCHS = "epochs to converge: median and range"


def map_chart(drawn: DrawnMap) -> str:
    """Return the picture without a style; none of a map that was not drawn."""
    found = drawn.record
    if not found.points:
        return ""
    body, height = (_lines(found), HEIGHT) if len(found.axes) == 1 else heat_map(found, WIDTH)
    return svg(f"{found.id}: {drawn.sentence}", body, WIDTH, height)


def _lines(found: TrainabilityMap) -> str:
    """Draw the share of seeds that converge above the epochs that they need."""
    [axis] = found.axes
    across = _across(axis)
    share = Axis(0, 1, UPPER[1], UPPER[0])
    most = max([1, *(epoch for p in found.points for epoch in p.epochs_to_converge if epoch)])
    epochs = Axis(0, 1.05 * (found.epochs or most), LOWER[1], LOWER[0])
    return "\n".join(
        [
            *_trained(found.points, [across.at(value) for value in axis.values]),
            *_grid(share, [0, 0.5, 1], [f"{each:.0%}" for each in (0, 0.5, 1)]),
            *_grid(epochs, epochs.ticks, [f"{each:g}" for each in epochs.ticks]),
            *_ticks(across, axis),
            *_shares(found.points, across, share),
            *_epochs(found.points, across, epochs),
            text(LEFT, UPPER[0] - 9, SHARES, "start"),
            text(LEFT, LOWER[0] - 9, EPOCHS, "start"),
            text((LEFT + RIGHT) / 2, HEIGHT - 6, axis.key),
        ]
    )


def _across(axis: MapAxis) -> Axis:
    log = axis.spacing == "log"
    return Axis(axis.values[0], axis.values[-1], LEFT + 12, RIGHT - 12, log=log)


def _trained(points: Sequence[MapPoint], positions: list[float]) -> list[str]:
    """Shade where all seeds converge, to half-way to the next point."""
    edges = [LEFT, *((a + b) / 2 for a, b in pairwise(positions)), RIGHT]
    height = LOWER[1] - UPPER[0]
    return [
        f'<rect class="trained" x="{a:.1f}" y="{UPPER[0]}" width="{b - a:.1f}" height="{height}"/>'
        for point, (a, b) in zip(points, pairwise(edges), strict=True)
        if point.share == 1
    ]


def _grid(up: Axis, values: list[float], labels: list[str]) -> list[str]:
    lines = [f'<path class="grid" d="M{LEFT} {up.at(value):.1f}H{RIGHT}"/>' for value in values]
    texts = [
        text(LEFT - 5, up.at(value) + 3.5, label, "end")
        for value, label in zip(values, labels, strict=True)
    ]
    return lines + texts


def _ticks(across: Axis, axis: MapAxis) -> list[str]:
    few = len(across.ticks) < 2  # noqa: PLR2004  # less than a decade: no power of ten, or one
    values = [axis.values[0], axis.values[-1]] if few else across.ticks
    return [text(across.at(value), LOWER[1] + 14, short(value)) for value in values]


def _shares(points: Sequence[MapPoint], across: Axis, up: Axis) -> list[str]:
    positions = [across.at(point.values[0]) for point in points]
    low, mid, high = (
        [f"{x:.1f} {up.at(value):.1f}" for x, value in zip(positions, values, strict=True)]
        for values in (
            [point.interval[0] for point in points],
            [point.share for point in points],
            [point.interval[1] for point in points],
        )
    )
    return [
        *band(low, mid, high),
        *(_dot(x, up.at(point.share)) for x, point in zip(positions, points, strict=True)),
    ]


def _epochs(points: Sequence[MapPoint], across: Axis, up: Axis) -> list[str]:
    drawn = []
    for point in points:
        values = [epoch for epoch in point.epochs_to_converge if epoch is not None]
        if point.median_epochs is not None:
            x, top, bottom = across.at(point.values[0]), up.at(max(values)), up.at(min(values))
            drawn.append(f'<path class="range" d="M{x:.1f} {top:.1f}V{bottom:.1f}"/>')
            drawn.append(_dot(x, up.at(point.median_epochs)))
    return drawn


def _dot(x: float, y: float) -> str:
    return f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="2.6"/>'
