"""``convergence.html``: one file, with the curves, that needs nothing else."""

import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from harness.baseline.arms import Arms
from harness.report import charts
from harness.report.document import CaseRow, Document, DrawnMap, facts
from harness.results.outcome import Outcome

MOST_DETAILED = 400
"""Cases with curves and numbers, about 9 kB each: a page of more takes a browser seconds to open.
Of the others there is a row."""


def html(document: Document) -> str:
    """Return the whole page; Jinja2 escapes every text, pictures and styles are our own."""
    page = template("report.html.j2")
    return page.render(document=document, detailed=detailed(document.rows))


def arms_page(arms: Arms, headings: Sequence[str], first: Outcome, second: Outcome) -> str:
    """Return a page on two cases: the answer, its numbers, and both bands in one picture."""
    picture = Markup(charts.arms_chart(first, second))  # noqa: S704  # it escapes its texts
    page = template("arms.html.j2")
    return page.render(arms=arms, headings=headings, picture=picture)


def detailed(rows: Sequence[CaseRow]) -> frozenset[str]:
    """Return the names of the cases that are drawn: those that need looking at come first."""
    wanted = sorted(rows, key=lambda row: not row.kinds)
    return frozenset(row.name for row in wanted[:MOST_DETAILED])


@cache
def template(name: str) -> Template:
    """Return a template, its page compiled once: that takes longer than filling it in."""
    environment = Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "anchor": anchor,
        "breakable": _breakable,
        "facts": facts,
        "pictures": _pictures,
        "map_chart": _map_chart,
    }
    return environment.get_template(name)


def anchor(name: str) -> str:
    """Return a name that a link can point to: an ``id`` holds no space."""
    return re.sub(r"\s", "-", name)


def _breakable(name: str) -> Markup:
    """Return a name that a browser may break where its words end."""
    return Markup("").join(
        Markup("{}<wbr>").format(part) if part in ("/", "_") else part
        for part in re.split("([/_])", name)
    )


def _pictures(row: CaseRow) -> list[Markup]:
    outcome = row.outcome
    drawn = (charts.metric_curve(outcome), charts.loss_curve(outcome), charts.norm_curve(outcome))
    return [Markup(picture) for picture in drawn if picture]  # noqa: S704  # they escape their texts


def _map_chart(drawn: DrawnMap) -> Markup:
    return Markup(charts.map_chart(drawn))  # noqa: S704  # as above
