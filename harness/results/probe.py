"""What one numerical check saw. Outcomes and reports read this; it needs no PyTorch."""

from dataclasses import dataclass
from typing import Literal

Level = Literal["off", "fast", "full"]
SWITCHED_OFF = "switched off: "
"""Begins the sentence of a probe that does not apply, as its owner says."""

Status = Literal["pass", "fail", "skipped", "error"]


@dataclass(frozen=True)
class Probe:
    """One check of one case.

    Attributes:
        name: which check, e.g. ``reference_steps``.
        status: whether the number seen is within its tolerance; ``skipped`` where nothing can be
            compared, ``error`` where the check raised or decided nothing on a user's module.
        value: the number seen, where it came closest to its tolerance; ``None`` if there is none.
        tolerance: what it may be.
        sentence: what was checked and seen, or why it was not.
    """

    name: str
    status: Status
    value: float | None
    tolerance: float | None
    sentence: str

    @property
    def switched_off(self) -> bool:
        """Whether it was not made because its case says that it does not apply."""
        return self.status == "skipped" and self.sentence.startswith(SWITCHED_OFF)
