"""What a report says of why a case fails: what shows it, the edit, and how sure that is."""

from collections.abc import Mapping

from harness.diagnosis.cases.cause import Cause
from harness.diagnosis.names import TITLES
from harness.results.outcome import Outcome

_TITLES: Mapping[str, str] = {str(cause): title for cause, title in TITLES.items()}


def diagnosis(outcome: Outcome) -> str:
    """Return a few sentences; empty where nobody asked why it fails."""
    if outcome.cause is None:
        return _sentence(f"Diagnosis: {outcome.diagnosed_by}") if outcome.diagnosed_by else ""
    first, *others = outcome.diagnosis
    parts = [
        f"Diagnosis: {_titled(first)}.",
        _sentence(first.evidence),
        _edit(first),
        *_sure(first),
        *([f"Perhaps also: {', '.join(map(_titled, others[:2]))}."] if others else []),
    ]
    return " ".join(parts)


def _titled(cause: Cause) -> str:
    title = _TITLES.get(cause.cause)
    return f"{title} ({cause.cause})" if title else cause.cause


def _edit(cause: Cause) -> str:
    """Return the lines of the file that the remedy consists of, or its sentence."""
    return f"Edit: {', '.join(cause.edit)}." if cause.edit else _sentence(f"Remedy: {cause.remedy}")


def _sure(cause: Cause) -> list[str]:
    named, looked_at = cause.seeds
    seen = [f"Named by {named} of {looked_at} seeds looked at."] if looked_at else []
    tried = {True: "Tried", False: "Tried in vain", None: ""}[cause.confirmed]
    return [*seen, *([f"{tried}: {cause.confirmation}."] if tried else [])]


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
