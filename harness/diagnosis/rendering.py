"""A diagnosis for a person: a dozen lines on a terminal."""
# ruff: noqa: PLR2004 - the numbers of a rule stand in it, explained beside it

import textwrap

from harness.diagnosis.answer import Diagnosis, Finding
from harness.diagnosis.names import TITLES

WIDTH = 92


def render(answer: Diagnosis, name: object, *, colour: bool = False) -> str:
    """Write a diagnosis as text.

    Args:
        answer: what was found.
        name: of the script, or of the network.
        colour: bold title, for a terminal.
    """
    if not answer.findings:
        title = _bold(f"{name}: nothing is wrong that could be seen", colour)
        return f"\n{title}\n{_fold('Seen', answer.seen)}"
    first, *others = answer.findings
    lines = [
        "",
        _bold(f"{name}: {TITLES[first.cause]}  [{first.cause}]", colour),
        _fold("Seen", answer.seen),
        _fold("Because", first.evidence),
        _fold("Edit", f"{first.remedy}" + (f" ({first.line})" if first.line else "")),
        _fold("How sure", _sure(first, answer)),
    ]
    lines += [_fold("Perhaps", f"{TITLES[f.cause]} [{f.cause}]: {f.evidence}") for f in others[:2]]
    return "\n".join(lines)


def _sure(finding: Finding, answer: Diagnosis) -> str:
    if finding.confirmed is not None:
        says = "trains" if finding.confirmed else "does not train either"
        return f"run again with this edit it {says} ({answer.runs} runs)"
    if finding.strength >= 0.9:
        return "seen directly, whatever the outcome"
    word = "likely" if finding.strength >= 0.75 else "the best explanation of what was seen"
    return f"{word}; --confirm runs the script again with the edit"


def _fold(label: str, text: str) -> str:
    return textwrap.fill(text, WIDTH, initial_indent=f"  {label:<9} ", subsequent_indent=" " * 12)


def _bold(text: str, colour: bool) -> str:
    return f"\033[1m{text}\033[0m" if colour else text
