"""What a report says of why a case fails: what shows it, the edit, and how sure that is."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from harness.diagnosis.cases.cause import Cause
from harness.diagnosis.names import TITLES
from harness.results.outcome import Outcome

_TITLES: Mapping[str, str] = {str(cause): title for cause, title in TITLES.items()}

_CASE = re.compile(r"^ \((case .+?)\): (?=\d+ of \d)")
"""Where a training with an edit names the case that has it, behind the edit."""


@dataclass(frozen=True)
class Diagnosis:
    """Why a case fails.

    Attributes:
        title: the likeliest cause in words.
        cause: its name; empty where none could be named.
        parts: what else there is to say, each with its label.
    """

    title: str
    cause: str
    parts: tuple[tuple[str, str], ...]


def diagnosis(outcome: Outcome) -> Diagnosis | None:
    """Return why a case fails; ``None`` where nobody asked."""
    if outcome.cause is not None:
        return _of(outcome.cause, outcome.diagnosis[1:])
    if not outcome.diagnosed_by:
        return None
    return Diagnosis("No cause is named", "", (("Why", outcome.diagnosed_by),))


def _of(cause: Cause, others: tuple[Cause, ...]) -> Diagnosis:
    parts = {
        "Seen": cause.evidence,
        "Edit": ", ".join(cause.edit),
        "Remedy": "" if cause.edit else cause.remedy,
        "Tried" if cause.confirmed else "In vain": _tried(cause),
        "Sure": _sure(cause),
        "Perhaps": "; ".join(f"{_title(each)} ({each.cause})" for each in others[:2]),
    }
    said = tuple((label, text) for label, text in parts.items() if text)
    return Diagnosis(_title(cause), cause.cause, said)


def _title(cause: Cause) -> str:
    return _TITLES.get(cause.cause, cause.cause)


def _tried(cause: Cause) -> str:
    """Return what came of training with an edit, which is named only where it is another one."""
    edit = ", ".join(cause.edit)
    if not edit or not cause.confirmation.startswith(edit):
        return cause.confirmation
    return _CASE.sub(r"\1: ", cause.confirmation.removeprefix(edit)).lstrip(": ")


def _sure(cause: Cause) -> str:
    named, looked_at = cause.seeds
    if not looked_at:
        return ""
    return f"named by {named} of {looked_at} failed seeds that were trained once more under watch"
