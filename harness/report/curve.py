"""The training loss of a case against the epoch, over its seeds, as an SVG."""

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from statistics import median

import numpy as np

from harness.history import Floats
from harness.report.axis import Axis, loss_axis
from harness.report.columns import converged_epochs, share
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.results.sweep_outcome import TrainabilityMap

STYLE = Path(__file__).with_name("curve.css").read_text(encoding="utf-8")

WIDTH, HEIGHT = 320, 180
LEFT, RIGHT, TOP, BOTTOM = 40, 312, 16, 152
POINTS = 160
"""Epochs drawn at most: one in two points of width, beyond which no one sees a difference."""


def file_name(outcome: Outcome | TrainabilityMap) -> str:
    """Return the name of a picture: ``training.learning_rate.too_low.eager.cpu.svg``."""
    place = f"{outcome.id}.{outcome.backend}.{outcome.device}"
    return place.replace("/", ".").replace(":", "") + ".svg"


def picture(outcome: Outcome) -> str:
    """Return the curve as a file of its own, with its style."""
    head, tail = draw(outcome).split(">", 1)
    return f"{head}>\n<style>\n{STYLE}</style>{tail}"


def draw(outcome: Outcome) -> str:
    """Return the median training loss and the band of all seeds, without a style.

    The plateau is shaded up to its median, the median epoch of convergence is marked.
    """
    bands = loss_bands(outcome.runs)
    label = escape(f"Training loss of {outcome.id}, {share(outcome)} seeds converged")
    body = _body(outcome, bands) if np.isfinite(bands).any() else _nothing()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="curve" role="img" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f"\n<title>{label}</title>\n{body}\n</svg>\n"
    )


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
    bands = np.full((3, length), np.nan)
    some = np.isfinite(losses).any(axis=0)
    if some.any():
        known = losses[:, some]
        bands[:, some] = [each(known, axis=0) for each in (np.nanmin, np.nanmedian, np.nanmax)]
    return bands


def _body(outcome: Outcome, bands: Floats) -> str:
    finite = bands[np.isfinite(bands)]
    lowest = float(np.min(finite, where=finite > 0, initial=np.inf))
    across = Axis(0, max(bands.shape[1] - 1, 1), LEFT, RIGHT)
    up = loss_axis(lowest if np.isfinite(lowest) else 0.0, float(finite.max()), BOTTOM, TOP)
    drawn = np.flatnonzero(np.isfinite(bands[1]))
    drawn = np.unique(drawn[np.linspace(0, len(drawn) - 1, POINTS).astype(int)])
    low, mid, high = (
        [f"{across.at(epoch):.1f} {up.at(band[epoch]):.1f}" for epoch in drawn.tolist()]
        for band in bands
    )
    parts = [
        *_plateau(outcome, across),
        *_grid(across, up),
        f'<path class="band" d="M{"L".join(high + low[::-1])}Z"/>',
        f'<path class="median" d="M{"L".join([mid[0], *mid])}"/>',
        *_converged(outcome, across),
    ]
    return "\n".join(parts)


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
    place = f'x="{x:.1f}" y="{TOP - 5}" text-anchor="{anchor}"'
    return [line, f'<text class="converged" {place}>converged: {median(epochs):g}</text>']


def _grid(across: Axis, up: Axis) -> list[str]:
    middle = (LEFT + RIGHT) / 2
    lines = [f'<path class="grid" d="M{LEFT} {up.at(y):.1f}H{RIGHT}"/>' for y in up.ticks]
    losses = [
        f'<text x="{LEFT - 5}" y="{up.at(y) + 3.5:.1f}" text-anchor="end">{short(y)}</text>'
        for y in up.ticks
    ]
    epochs = [
        f'<text x="{across.at(x):.1f}" y="{BOTTOM + 12}" text-anchor="middle">{x:g}</text>'
        for x in across.ticks
        if x == int(x)
    ]
    name = "epoch" if not up.log else "epoch (loss on a logarithmic scale)"
    return [
        *lines,
        *losses,
        *epochs,
        f'<text x="{middle}" y="{HEIGHT - 3}" text-anchor="middle">{name}</text>',
        f'<text x="{LEFT - 5}" y="{TOP - 5}" text-anchor="middle">loss</text>',
    ]


def short(value: float) -> str:
    """Return ``1e9`` rather than ``1e+09``."""
    return re.sub(r"e\+?(-?)0*", r"e\1", f"{value:.3g}")


def _nothing() -> str:
    return f'<text x="{WIDTH / 2}" y="{HEIGHT / 2}" text-anchor="middle">no finite loss</text>'
