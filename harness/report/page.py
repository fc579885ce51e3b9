"""``convergence.html``: one file, with the curves, that needs nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from pathlib import Path

from harness.report import columns, curve, maps
from harness.report.backends import SIGNIFICANT, Comparison, backend_rows, compare_backends
from harness.report.columns import Column
from harness.report.content import (
    Group,
    baseline_summary,
    cause,
    counts,
    findings,
    groups,
    place_of,
    remedies,
    summary,
)
from harness.report.map_picture import draw_map
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

STYLE = Path(__file__).with_name("report.css").read_text(encoding="utf-8")
LEGEND = (
    "Curves: training loss against the epoch, median and range of all seeds. Shaded: the plateau. "
    "Dashed: the median epoch of convergence, over the seeds that converged."
)


def page(
    environment: Mapping[str, str | int],
    outcomes: Sequence[Outcome],
    drawn: Sequence[TrainabilityMap] = (),
) -> str:
    """Return the whole page."""
    grouped, comparisons = groups(outcomes), compare_backends(outcomes)
    body = [
        _header(environment, outcomes),
        _contents(grouped, drawn, comparisons),
        _findings(outcomes),
        *(_group(group, outcomes) for group in grouped),
        _maps(drawn),
        _remedies(outcomes),
        _backends(comparisons),
        f"<footer>{escape(LEGEND)}</footer>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>Convergence: {escape(summary(outcomes))}</title>\n"
        f"<style>\n{STYLE}{curve.STYLE}</style>\n</head>\n<body>\n"
        + "\n".join(part for part in body if part)
        + "\n</body>\n</html>\n"
    )


def _header(environment: Mapping[str, str | int], outcomes: Sequence[Outcome]) -> str:
    tiles = "".join(
        f'<li class="{result if count else "zero"}"><b>{count}</b> {result}</li>'
        for result, count in counts(outcomes).items()
    )
    facts = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{escape(str(value))}</dd></div>"
        for name, value in environment.items()
    )
    compared = baseline_summary(outcomes)
    against = f"<p>{escape(compared[0].upper() + compared[1:])}.</p>\n" if compared else ""
    return (
        f'<header>\n<h1>Convergence report</h1>\n<ul class="tiles">{tiles}</ul>\n{against}'
        f"<dl>{facts}</dl>\n</header>"
    )


def _contents(
    grouped: Sequence[Group], drawn: Sequence[TrainabilityMap], comparisons: Sequence[Comparison]
) -> str:
    links = "".join(
        f'<li class="{_worst(group)}"><a href="#{_anchor(group.scenario)}">'
        f"{escape(group.scenario)}</a></li>"
        for group in grouped
    )
    if drawn:
        links += f'<li class="{_state(drawn)}"><a href="#maps">{maps.HEADING}</a></li>'
    if comparisons:
        differ = any(each.disagreements for each in comparisons)
        state = "fail" if differ else "pass"
        links += f'<li class="{state}"><a href="#backends">Backends</a></li>'
    return f"<nav><ul>{links}</ul></nav>"


def _state(drawn: Iterable[TrainabilityMap]) -> str:
    return "error" if any(found.crashed for found in drawn) else "pass"


def _worst(group: Group) -> str:
    found = counts(group.outcomes)
    return next((result for result in ("error", "fail", "inconclusive") if found[result]), "pass")


def _anchor(scenario: str) -> str:
    return escape(scenario.replace(" ", "-"))


def _group(group: Group, outcomes: Sequence[Outcome]) -> str:
    where, compared = columns.telling(outcomes)
    case = Column("case", lambda outcome: outcome.case)
    shown = [case, *where, columns.CLAIM, *columns.MEASURED, *compared]
    figures = "\n".join(_figure(outcome, outcomes) for outcome in group.outcomes)
    return (
        f'<section id="{_anchor(group.scenario)}">\n<h2>{escape(group.scenario)}</h2>\n'
        f'<p class="question">{escape(group.question)}</p>\n'
        f'<p class="criterion">Converged: {escape("; ".join(group.criteria))}</p>\n'
        f"{_cases(shown, group.outcomes)}\n"
        f'<div class="figures">\n{figures}\n</div>\n</section>'
    )


def _cases(shown: Sequence[Column], outcomes: Iterable[Outcome]) -> str:
    heads = "".join(f"<th{_class(column)}>{column.header}</th>" for column in shown)
    rows = "\n".join(
        f'<tr><td><span class="mark {outcome.outcome}">{outcome.outcome}</span></td>'
        + "".join(f"<td{_class(column)}>{escape(column.cell(outcome))}</td>" for column in shown)
        + "</tr>"
        for outcome in outcomes
    )
    return _framed(f"<th>outcome</th>{heads}", rows)


def _class(column: Column) -> str:
    if column.numeric:
        return ' class="number"'
    return ' class="case"' if column.header == "case" else ""


def _framed(heads: str, rows: str) -> str:
    return (
        f'<div class="table"><table>\n<thead><tr>{heads}</tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody></table></div>"
    )


def _figure(outcome: Outcome, outcomes: Sequence[Outcome]) -> str:
    texts = [outcome.note, cause(outcome)]
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in texts if text)
    name = f"<b>{escape(outcome.case)}</b>{escape(place_of(outcome, outcomes))}"
    return (
        f'<figure class="{outcome.outcome}">{curve.draw(outcome)}'
        f"<figcaption>{name}{paragraphs}</figcaption></figure>"
    )


def _plain(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    heads = "".join(f"<th>{escape(header)}</th>" for header in headers)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return _framed(heads, body)


def _maps(drawn: Sequence[TrainabilityMap]) -> str:
    if not drawn:
        return ""
    parts = "\n".join(_map(found, drawn) for found in drawn)
    return f'<section id="maps">\n<h2>{maps.HEADING}</h2>\n{parts}\n</section>'


def _map(found: TrainabilityMap, drawn: Sequence[TrainabilityMap]) -> str:
    note = f"<p>{escape(found.note)}</p>" if found.note else ""
    caption = f"<b>{escape(maps.title(found, drawn))}</b><p>{escape(maps.sentence(found))}</p>"
    return (
        f'<p class="question">{escape(found.question)}</p>\n'
        f'<p class="criterion">{escape(maps.setting(found))}</p>\n'
        f'<div class="map">\n<figure class="{_state([found])}">{draw_map(found)}'
        f"<figcaption>{caption}{note}</figcaption></figure>\n"
        f"{_plain(*maps.tables(found)[0])}\n</div>"
    )


def _remedies(outcomes: Sequence[Outcome]) -> str:
    rows = [
        [
            pair.scenario,
            pair.case,
            columns.share(pair.failing) if pair.failing else "not run",
            f"{pair.cure.case}{place_of(pair.cure, outcomes)}",
            columns.share(pair.cure),
            pair.works,
        ]
        for pair in remedies(outcomes)
    ]
    headers = ["scenario", "case", "converged", "cured by", "converged", "works"]
    if not rows:
        return ""
    return f'<section id="remedies">\n<h2>Remedies</h2>\n{_plain(headers, rows)}\n</section>'


def _backends(comparisons: Sequence[Comparison]) -> str:
    if not comparisons:
        return ""
    notes = _list(f"{each.id}: {text}" for each in comparisons for text in each.disagreements)
    return (
        '<section id="backends">\n<h2>Backends</h2>\n<p class="criterion">Converged seeds '
        "and median epochs to converge of each case that ran in several places, and below each "
        "scenario how closely seeds agree with the reference: in their first losses, where they "
        "converge, and in their epochs. Two backends differ where a test gives p &lt; "
        f"{SIGNIFICANT:g}; equal ones do so in about one of 100 comparisons.</p>\n"
        f"{_plain(*backend_rows(comparisons))}\n{notes}\n</section>"
    )


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(item)}</li>" for item in items) + "</ul>"


def _findings(outcomes: Sequence[Outcome]) -> str:
    found = findings(outcomes)
    if not found:
        return ""
    rows = "\n".join(
        f"<dt>{escape(case)}</dt>" + "".join(f"<dd>{escape(text)}</dd>" for text in texts)
        for case, texts in found.items()
    )
    return (
        f'<section id="findings" class="findings">\n<h2>Findings</h2>\n<dl>{rows}</dl>\n</section>'
    )
