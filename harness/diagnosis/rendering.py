"""A diagnosis for a person: a dozen lines on a terminal."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import textwrap
from functools import partial

from harness.diagnosis.answer import DIRECT, Diagnosis, Finding, Tried
from harness.diagnosis.examples import command
from harness.diagnosis.names import TITLES

WIDTH = 92
"""Most columns of a line: as wide as a paragraph is read well."""


def render(
    answer: Diagnosis,
    name: object,
    *,
    colour: bool = False,
    width: int = WIDTH,
    unconfirmed: str = "",
) -> str:
    """Write a diagnosis as text.

    Args:
        answer: what was found.
        name: of the script, or of the network.
        colour: bold title, for a terminal.
        width: columns of the terminal; a line has `WIDTH` at most.
        unconfirmed: what to say of a cause whose remedy was not tried.
    """
    fold = partial(_fold, width=max(min(width, WIDTH), NARROWEST))
    if not answer.findings:
        found = "nothing is wrong that could be seen" if answer.runs else "no update could be seen"
        title = _bold(f"{name}: {found}", colour)
        return f"\n{title}\n{fold('Seen', answer.seen)}"
    first, *others = answer.findings
    lines = [
        "",
        _bold(f"{name}: {TITLES[first.cause]}  [{first.cause}]", colour),
        fold("Seen", answer.seen),
        fold("Because", first.evidence),
        fold("Edit" if first.confirmed is not False else "In vain", _edit(first)),
    ]
    if first.tried is not None:
        lines += [fold("Tried", first.tried.sentence)]
    lines += [fold("How sure", _sure(first, answer, unconfirmed))]
    lines += [fold("The same", f"in the catalogue, with its remedy: {command(first.cause)}")]
    lines += [fold("Perhaps", _perhaps(other, first)) for other in others[:2]]
    return "\n".join(lines)


def _edit(finding: Finding) -> str:
    return finding.remedy + (f" ({finding.line})" if finding.line else "")


def _perhaps(other: Finding, first: Finding) -> str:
    """Another cause; with its edit where the first one's was in vain."""
    text = f"{TITLES[other.cause]} [{other.cause}]: {other.evidence}"
    if other.tried is not None:
        return f"{text} Tried: {other.tried.sentence}."
    return f"{text} {_edit(other)}" if first.confirmed is False else text


def _sure(finding: Finding, answer: Diagnosis, unconfirmed: str) -> str:
    if finding.tried is not None:
        seen = "seen directly; " if finding.strength >= DIRECT else ""
        return f"{seen}{_of_runs(finding.tried)} ({answer.runs} runs)"
    if finding.strength >= DIRECT:
        return "seen directly, whatever the outcome"
    word = "likely" if finding.strength >= 0.75 else "the best explanation of what was seen"
    return f"{word}; {unconfirmed}" if unconfirmed else word


def _of_runs(tried: Tried) -> str:
    """What runs with the remedy say."""
    if tried.confirmed:
        return "run again with this edit it trains"
    if tried.confirmed is False:
        return "run again with this edit it does not train either: another cause, or one more"
    if tried.works:
        return "the rate was usual, and a higher one helps whatever makes training slow"
    if tried.idle:
        return "run again as it is written it trains as well: the edit decides nothing"
    return "run again with this edit it does not train either, which rules nothing out"


NARROWEST = 40


def _fold(label: str, text: str, *, width: int) -> str:
    return textwrap.fill(text, width, initial_indent=f"  {label:<9} ", subsequent_indent=" " * 12)


def _bold(text: str, colour: bool) -> str:
    return f"\033[1m{text}\033[0m" if colour else text
