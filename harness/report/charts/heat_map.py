"""A map of trainability over two numbers: a cell a point, the darker the more seeds converge."""

import math

from harness.report.charts.svg import short, text
from harness.report.document.maps import by_rows
from harness.results.sweep_outcome import MapPoint, TrainabilityMap

LEFT, TOP, MARGIN = 58, 34, 40
LEGEND = "share of seeds that converge, in %; below: median epochs"
HEIGHTS = (12.0, 30.0)
"""Points that a row may be high."""

TWO_LINES, ONE_LINE, NARROW = 26.0, 11.0, 20.0
"""Height from which a cell holds share and epochs, or the share; width below which neither."""

LABEL = 34.0
"""Points that the label of a value is wide."""

DARKEST = 0.65
"""Opacity of a cell whose seeds all converge: its number stays readable."""


def heat_map(found: TrainabilityMap, width: float) -> tuple[str, float]:
    """Return the picture's body and its height, in points."""
    down, across = found.axes
    wide = (width - LEFT - 8) / len(across.values)
    low, high = HEIGHTS
    tall = min(max(width / 2 / len(down.values), low), high)
    bottom = TOP + tall * len(down.values)
    cells = [
        _cell(point, LEFT + n * wide, bottom - (m + 1) * tall, wide, tall)
        for m, row in enumerate(by_rows(found))
        for n, point in enumerate(row)
    ]
    every, each = math.ceil(LABEL / wide), math.ceil(HEIGHTS[0] / tall)
    labels = [
        text(LEFT + (n + 0.5) * wide, bottom + 13, short(across.values[n]))
        for n in range(0, len(across.values), every)
    ] + [
        text(LEFT - 5, bottom - (m + 0.5) * tall + 3.5, short(down.values[m]), "end")
        for m in range(0, len(down.values), each)
    ]
    titles = [
        text(LEFT, TOP - 22, LEGEND, "start"),
        text(4, TOP - 7, down.key, "start"),
        text((LEFT + width) / 2, bottom + 29, across.key),
    ]
    return "\n".join([*cells, *labels, *titles]), math.ceil(bottom + MARGIN)


def _cell(point: MapPoint, x: float, y: float, wide: float, tall: float) -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{tall:.1f}"'
    shade = f'<rect class="cell" {place} fill-opacity="{DARKEST * point.share:.2f}"/>'
    middle, share = x + wide / 2, f"{100 * point.share:.0f}"
    if wide < NARROW or tall < ONE_LINE:
        return shade
    if tall < TWO_LINES or point.median_epochs is None:
        return shade + text(middle, y + tall / 2 + 3.5, share, "middle", "share")
    upper = text(middle, y + tall / 2 - 2, share, "middle", "share")
    epochs = f"{point.median_epochs:g}"
    return shade + upper + text(middle, y + tall / 2 + 10, epochs, "middle", "epochs")
