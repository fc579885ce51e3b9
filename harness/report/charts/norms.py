"""The gradient's norm of each layer against the epoch, as an SVG."""

import numpy as np

from harness.report.charts.axis import Axis, loss_axis
from harness.report.charts.curve import BOTTOM, HEIGHT, LEFT, POINTS, RIGHT, TOP, WIDTH, grid
from harness.report.charts.svg import svg, text
from harness.results.bands import bands, thinned
from harness.results.outcome import Outcome

LABEL = 11.0
"""Points that a label is high."""

SHADES = 4
"""Kinds of line that a style has; a fifth layer looks like the first."""


def norm_curve(outcome: Outcome) -> str:
    """Return the median over the seeds, a line a layer; empty where no norm was recorded."""
    layers = next((run.layers for run in outcome.runs if run.layers), ())
    lines = [
        bands([tuple(norms[n] for norms in run.gradient_norm) for run in outcome.runs])[1]
        for n in range(len(layers))
    ]
    values = np.concatenate([*lines, np.empty(0)])
    positive = values[np.isfinite(values) & (values > 0)]
    if not positive.size:
        return ""
    up = loss_axis(float(positive.min()), float(positive.max()), BOTTOM, TOP)
    across = Axis(0, max(len(lines[0]), 1), LEFT, RIGHT)
    parts, ends = grid(across, up, "gradient norm"), {}
    for n, (layer, line) in enumerate(zip(layers, lines, strict=True)):
        places = thinned(np.flatnonzero(np.isfinite(line)).tolist(), POINTS)
        points = [f"{across.at(place + 1):.1f} {up.at(line[place]):.1f}" for place in places]
        if points:
            parts.append(f'<path class="layer{n % SHADES}" d="M{"L".join(points)}"/>')
            ends[layer] = up.at(line[places[0]])
    parts += [text(LEFT + 4, y, layer, "start") for layer, y in _apart(ends).items()]
    return svg(f"Gradient norm of each layer of {outcome.id}", "\n".join(parts), WIDTH, HEIGHT)


def _apart(heights: dict[str, float]) -> dict[str, float]:
    """Move labels down until none covers another."""
    placed, above = {}, 0.0
    for layer, y in sorted(heights.items(), key=lambda each: each[1]):
        placed[layer] = above = max(y - 3, above + LABEL)
    return placed
