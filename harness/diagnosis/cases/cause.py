"""One cause of a case's failure, as results hold it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cause:
    """Why training fails, what shows it, and what to do.

    Attributes:
        cause: its name.
        evidence: one sentence with the measured value beside its threshold.
        remedy: one sentence, what mends it.
        edit: the same as lines of the scenario file; empty where it needs a person.
        strength: 0 to 1, how far the evidence carries; ranks the causes.
        seeds: how many of the seeds that were looked at named it, and how many were.
        confirmed: whether training with the edit works; ``None`` where that was not tried.
        confirmation: one sentence, what was tried and what came of it.
    """

    cause: str
    evidence: str
    remedy: str
    edit: tuple[str, ...] = ()
    strength: float = 0.0
    seeds: tuple[int, int] = (0, 0)
    confirmed: bool | None = None
    confirmation: str = ""
