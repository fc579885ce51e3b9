"""The training loss of a case against the epoch, over its seeds, as an SVG."""

from collections.abc import Sequence
from statistics import median

import numpy as np

from harness.history import Floats
from harness.report.charts.axis import Axis, loss_axis
from harness.report.charts.svg import band, short, svg, text
from harness.report.document.phrases import converged_epochs, share
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun

WIDTH, HEIGHT = 320, 180
LEFT, RIGHT, TOP, BOTTOM = 40, 312, 16, 152
POINTS = 160
"""Epochs drawn at most: one in two points of width, beyond which no one sees a difference."""


def curve(outcome: Outcome) -> str:
    """Return the median training loss and the band of all seeds, without a style.

    The plateau is shaded up to its median, the median epoch of convergence is marked.
    """
    bands = loss_bands(outcome.runs)
    title = f"Training loss of {outcome.id}, {share(outcome)} seeds converged"
    nothing = text(WIDTH / 2, HEIGHT / 2, "no finite loss")
    return svg(title, _body(outcome, bands) if np.isfinite(bands).any() else nothing, WIDTH, HEIGHT)


def loss_bands(runs: Sequence[SeedRun]) -> Floats:
    """Return lowest, median and highest loss over the seeds, `[3, epochs + 1]`.

    A seed that stopped keeps its last loss; NaN where no seed has a finite one.
    """
    length = max((len(run.train_loss) for run in runs), default=0)
    losses = np.full((len(runs), length), np.nan)
    for row, run in zip(losses, runs, strict=True):
        trained = np.array(run.train_loss, np.float64)
        row[: len(trained)] = trained
        row[len(trained) :] = trained[-1] if len(trained) else np.nan
    return _lowest_median_highest(losses) if runs else np.empty((3, 0))


def _lowest_median_highest(values: Floats) -> Floats:
    """Return these of each column, `[3, columns]`, NaN left out, faster than NumPy's."""
    ordered = np.sort(values, axis=0)  # NaN last
    count, column = np.isfinite(values).sum(axis=0), np.arange(values.shape[1])
    middle = (ordered[(count - 1) // 2, column] + ordered[count // 2, column]) / 2
    return np.stack([ordered[0], middle, ordered[count - 1, column]])


def _body(outcome: Outcome, bands: Floats) -> str:
    across, up = axes(bands)
    parts = [
        *_plateau(outcome, across),
        *grid(across, up),
        *drawn_bands(bands, across, up),
        *_converged(outcome, across),
    ]
    return "\n".join(parts)


def axes(bands: Floats) -> tuple[Axis, Axis]:
    """Return the axes on which bands `[..., epochs + 1]` with a finite loss have room."""
    finite = bands[np.isfinite(bands)]
    lowest = float(np.min(finite, where=finite > 0, initial=np.inf))
    across = Axis(0, max(bands.shape[-1] - 1, 1), LEFT, RIGHT)
    up = loss_axis(lowest if np.isfinite(lowest) else 0.0, float(finite.max()), BOTTOM, TOP)
    return across, up


def drawn_bands(bands: Floats, across: Axis, up: Axis) -> list[str]:
    """Return the median and the band of all seeds `[3, epochs + 1]`; nothing if none is finite."""
    drawn = np.flatnonzero(np.isfinite(bands[1]))
    if not len(drawn):
        return []
    drawn = np.unique(drawn[np.linspace(0, len(drawn) - 1, POINTS).astype(int)])
    low, mid, high = (
        [f"{across.at(epoch):.1f} {up.at(losses[epoch]):.1f}" for epoch in drawn.tolist()]
        for losses in bands.tolist()
    )
    return band(low, mid, high)


def _plateau(outcome: Outcome, across: Axis) -> list[str]:
    length = median(outcome.plateau_epochs) if outcome.plateau_epochs else 0
    if length <= 0:
        return []
    width = across.at(length) - LEFT
    return [
        f'<rect class="plateau" x="{LEFT}" y="{TOP}" width="{width:.1f}" height="{BOTTOM - TOP}"/>'
    ]


def _converged(outcome: Outcome, across: Axis) -> list[str]:
    epochs = converged_epochs(outcome)
    if not epochs:
        return []
    x = across.at(median(epochs))
    anchor = "end" if x > (LEFT + RIGHT) / 2 else "start"
    line = f'<path class="converged" d="M{x:.1f} {TOP}V{BOTTOM}"/>'
    return [line, text(x, TOP - 5, f"converged: {median(epochs):g}", anchor, "converged")]


def grid(across: Axis, up: Axis) -> list[str]:
    """Return the lines and numbers of both axes."""
    name = "epoch" if not up.log else "epoch (loss on a logarithmic scale)"
    return [
        *(f'<path class="grid" d="M{LEFT} {up.at(y):.1f}H{RIGHT}"/>' for y in up.ticks),
        *(text(LEFT - 5, up.at(y) + 3.5, short(y), "end") for y in up.ticks),
        *(text(across.at(x), BOTTOM + 12, f"{x:g}") for x in across.ticks if x == int(x)),
        text((LEFT + RIGHT) / 2, HEIGHT - 3, name),
        text(LEFT - 5, TOP - 5, "loss"),
    ]
