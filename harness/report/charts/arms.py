"""The training losses of two cases in one picture: whether their bands part."""

import numpy as np

from harness.report.charts.curve import (
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    axes,
    drawn_bands,
    grid,
)
from harness.report.charts.svg import svg, text
from harness.results.bands import beside, loss_bands
from harness.results.outcome import Outcome


def arms_chart(first: Outcome, second: Outcome) -> str:
    """Return the median and the band of all seeds of both cases, named, without a style."""
    title = f"Training loss of {first.id} and {second.id}"
    both = beside(loss_bands(first.runs), loss_bands(second.runs))
    if not np.isfinite(both).any():
        return svg(title, text(WIDTH / 2, HEIGHT / 2, "no finite loss"), WIDTH, HEIGHT)
    across, up = axes(both)
    parts = [*grid(across, up, "loss"), *drawn_bands(both[0], across, up)]
    parts += ['<g class="second">', *drawn_bands(both[1], across, up), "</g>"]
    parts.append(text(RIGHT, TOP - 5, second.case, "end", "arm second"))
    parts.append(text((LEFT + RIGHT) / 2, TOP - 5, first.case, "end", "arm"))
    return svg(title, "\n".join(parts), WIDTH, HEIGHT)
