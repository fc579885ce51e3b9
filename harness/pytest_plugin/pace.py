"""How often reports are written while a run goes on."""

from dataclasses import dataclass

INTERVAL = 5.0
"""Seconds from one writing to the next."""

SHARE = 0.02
"""Of a run's time that goes, at most, into reports which a later writing replaces."""


@dataclass
class Pace:
    """Lets the first case be written at once, and the next ones so that they take little time."""

    started: float
    latest: float | None = None
    longest: float = 0.0
    spent: float = 0.0

    def due(self, now: float) -> bool:
        """Whether one more writing, as long as the longest so far, keeps within `SHARE`."""
        if self.latest is None:
            return True
        within = self.spent + self.longest <= SHARE * (now - self.started)
        return within and now - self.latest >= INTERVAL

    def note(self, began: float, ended: float) -> None:
        """Remember a writing."""
        self.latest, self.spent = ended, self.spent + ended - began
        self.longest = max(self.longest, ended - began)
