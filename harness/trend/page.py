"""The history as one HTML file that needs nothing else."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from harness.report.html import template
from harness.trend.chart import chart
from harness.trend.run import MEASURES, RunRecord
from harness.trend.text import CHANCE, NO_STEPS
from harness.trend.trend import Trend
from harness.trend.words import by_place, change, extent, place, table, title

MOST_DRAWN = 400
"""Cases with pictures, those that stepped first: a page of more takes a browser seconds to open."""


class Drawn(NamedTuple):
    """A case with its pictures."""

    title: str
    steps: list[str]
    pictures: list[Markup]


def page(runs: Sequence[RunRecord], found: Sequence[Trend]) -> str:
    """Return the whole page; Jinja2 escapes every text, pictures escape their own."""
    first = sorted(found, key=lambda each: not each.steps)[:MOST_DRAWN]
    return template("trend.html.j2").render(
        extent=extent(runs),
        drawn=[_drawn(each) for each in first],
        places=[
            (where, [(title(trend), change(step)) for trend, step in steps])
            for where, steps in by_place(found)
        ],
        nothing=NO_STEPS,
        chance=CHANCE,
        table=table(found),
    )


def _drawn(trend: Trend) -> Drawn:
    measured = [measure for measure in MEASURES if trend.levels[measure]]
    pictures = [Markup(chart(trend, measure)) for measure in measured]  # noqa: S704  # see above
    return Drawn(
        title(trend), [f"{change(step)} at {place(step)}" for step in trend.steps], pictures
    )
