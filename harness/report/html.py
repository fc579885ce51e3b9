"""``convergence.html``: one file, with the curves, that needs nothing else."""

import re
from collections.abc import Sequence
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup

from harness.baseline.arms import Arms
from harness.report import charts
from harness.report.document import CaseRow, Document, DrawnMap
from harness.results.outcome import Outcome


def html(document: Document) -> str:
    """Return the whole page; Jinja2 escapes every text, pictures and styles are our own."""
    return _template("report.html.j2").render(document=document)


def arms_page(arms: Arms, headings: Sequence[str], first: Outcome, second: Outcome) -> str:
    """Return a page on two cases: the answer, its numbers, and both bands in one picture."""
    picture = Markup(charts.arms_chart(first, second))  # noqa: S704  # it escapes its texts
    page = _template("arms.html.j2")
    return page.render(arms=arms, headings=headings, picture=picture, style=Markup(charts.STYLE))  # noqa: S704  # our own file


@cache
def _template(name: str) -> Template:
    """Compile a page once: that takes longer than filling it in."""
    environment = Environment(
        loader=PackageLoader("harness.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"anchor": anchor, "curve": _curve, "map_chart": _map_chart}
    environment.globals["chart_style"] = Markup(charts.STYLE)  # noqa: S704  # our own file
    return environment.get_template(name)


def anchor(name: str) -> str:
    """Return a name that a link can point to: an ``id`` holds no space."""
    return re.sub(r"\s", "-", name)


def _curve(row: CaseRow) -> Markup:
    return Markup(charts.curve(row.outcome))  # noqa: S704  # it escapes its texts


def _map_chart(drawn: DrawnMap) -> Markup:
    return Markup(charts.map_chart(drawn))  # noqa: S704  # as above
