"""What training did against the epoch, over the seeds of a case, as SVGs."""

from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import numpy as np

from harness.history import Floats
from harness.report.charts.axis import Axis, loss_axis, value_axis
from harness.report.charts.svg import band, short, svg, text
from harness.report.document.phrases import converged_epochs, share
from harness.results.bands import bands, beside, thinned
from harness.results.outcome import Outcome
from harness.results.seed_run import Numbers

WIDTH, HEIGHT = 320, 180
LEFT, RIGHT, TOP, BOTTOM = 40, 312, 16, 152
POINTS = 80
"""Epochs drawn at most: one in four points of width, beyond which hardly anyone sees a
difference, and a page of hundreds of cases stays small."""

MOST_LINES = 24
"""Seeds drawn one by one, in seed order; the band holds all."""


def loss_curve(outcome: Outcome) -> str:
    """Return the training loss, without a style.

    Each seed, the median and the band of all before those of the accepted seeds; the plateau is
    shaded up to its median, the median epoch of convergence is marked.
    """
    curves = [run.train_loss for run in outcome.runs]
    found = beside(bands(curves), _accepted(outcome, "loss"))
    title = f"Training loss of {outcome.id}, {share(outcome)} seeds converged"
    if not np.isfinite(found[0]).any():
        return svg(title, text(WIDTH / 2, HEIGHT / 2, "no finite loss"), WIDTH, HEIGHT)
    return svg(title, _body(outcome, curves, found, axes(found)[1], "loss"), WIDTH, HEIGHT)


def axes(found: Floats) -> tuple[Axis, Axis]:
    """Return the axes on which bands `[..., epochs + 1]` with a finite loss have room."""
    finite = found[np.isfinite(found)]
    lowest = float(np.min(finite, where=finite > 0, initial=np.inf))
    across = Axis(0, max(found.shape[-1] - 1, 1), LEFT, RIGHT)
    up = loss_axis(lowest if np.isfinite(lowest) else 0.0, float(finite.max()), BOTTOM, TOP)
    return across, up


def metric_curve(outcome: Outcome) -> str:
    """Return the metric that is judged, likewise, with the level that it has to reach.

    Empty where there is none, or it is the training loss.
    """
    rule = outcome.criterion
    curves = [run.judged_metric(rule) for run in outcome.runs]
    found = beside(bands(curves), _accepted(outcome, "metric"))
    finite = found[np.isfinite(found)]
    if not np.isfinite(found[0]).any() or (rule.metric == "loss" and rule.on != "validation"):
        return ""
    level = rule.bound
    name = f"{rule.on} {rule.metric}" if rule.on else rule.metric
    up = value_axis(min(float(finite.min()), level), max(float(finite.max()), level), BOTTOM, TOP)
    wanted = f'<path class="level" d="M{LEFT} {up.at(level):.1f}H{RIGHT}"/>'
    title = f"{name} of {outcome.id}, {share(outcome)} seeds converged"
    return svg(title, wanted + _body(outcome, curves, found, up, name), WIDTH, HEIGHT)


def _body(outcome: Outcome, curves: Sequence[Numbers], found: Floats, up: Axis, name: str) -> str:
    own, accepted = found
    across = Axis(0, max(found.shape[-1] - 1, 1), LEFT, RIGHT)
    parts = [
        *_plateau(outcome, across),
        *grid(across, up, name),
        '<g class="accepted">',
        *drawn_bands(accepted, across, up),
        "</g>",
        *_seeds(curves[:MOST_LINES], across, up),
        *drawn_bands(own, across, up),
        *_converged(outcome, across),
    ]
    return "\n".join(parts)


def drawn_bands(found: Floats, across: Axis, up: Axis) -> list[str]:
    """Return the median and the band of all seeds `[3, epochs + 1]`; nothing if none is finite."""
    drawn = thinned(np.flatnonzero(np.isfinite(found[1])).tolist(), POINTS)
    low, mid, high = (
        [f"{across.at(epoch):.1f} {up.at(values[epoch]):.1f}" for epoch in drawn]
        for values in found.tolist()
    )
    return band(low, mid, high) if drawn else []


def _seeds(curves: Sequence[Numbers], across: Axis, up: Axis) -> list[str]:
    """Draw each seed as a thin line, in whole points: they only have to be seen beside others."""
    lines = []
    for curve in curves:
        epochs = thinned([n for n, value in enumerate(curve) if value is not None], POINTS // 2)
        points = [(round(across.at(n)), round(up.at(curve[n] or 0.0))) for n in epochs]
        if len(points) > 1:
            lines.append(f"M{points[0][0]} {points[0][1]}" + _steps(points))
    return [f'<path class="seeds" d="{"".join(lines)}"/>'] if lines else []


def _steps(points: Sequence[tuple[int, int]]) -> str:
    """Return a path from the first point on, each step relative: that is a third shorter."""
    steps = [f"{x - a} {y - b}" for (a, b), (x, y) in pairwise(points)]
    return "l" + " ".join(steps).replace(" -", "-")


def _plateau(outcome: Outcome, across: Axis) -> list[str]:
    length = median(outcome.plateau_epochs) if outcome.plateau_epochs else 0
    place = f'x="{LEFT}" y="{TOP}" width="{across.at(length) - LEFT:.1f}" height="{BOTTOM - TOP}"'
    return [f'<rect class="plateau" {place}/>'] if length > 0 else []


def _accepted(outcome: Outcome, name: str) -> Floats:
    """Return the band of the accepted seeds `[3, epochs + 1]`, without epochs if none was kept."""
    kept = outcome.comparison.accepted_bands.get(name)
    return kept.dense() if kept else np.empty((3, 0))


def _converged(outcome: Outcome, across: Axis) -> list[str]:
    epochs = converged_epochs(outcome)
    if not epochs:
        return []
    x = across.at(median(epochs))
    anchor = "end" if x > (LEFT + RIGHT) / 2 else "start"
    line = f'<path class="converged" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
    return [line, text(x, TOP - 5, f"converged: {median(epochs):g}", anchor, "converged")]


def grid(across: Axis, up: Axis, name: str) -> list[str]:
    """Return lines, numbers and names of both axes."""
    below = "epoch" if not up.log else f"epoch ({name} on a logarithmic scale)"
    return [
        *(f'<path class="grid" d="M{LEFT} {up.at(y):.1f}H{RIGHT}"/>' for y in up.ticks),
        *(text(LEFT - 5, up.at(y) + 3.5, short(y), "end") for y in up.ticks),
        *(text(across.at(x), BOTTOM + 12, f"{x:g}") for x in across.ticks if x == int(x)),
        text((LEFT + RIGHT) / 2, HEIGHT - 3, below),
        text(4, TOP - 5, name, "start"),
    ]
