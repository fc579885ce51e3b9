"""What a diagnosis found, as results hold it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Why training fails, what shows it, and what to do."""

    cause: str
    evidence: str
    remedy: str
