"""Cases and maps as JSON, each encoded once in a run, however often it is written."""

from collections.abc import Sequence

from harness.results.checksum import canonical
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap

Found = Outcome | TrainabilityMap


class Encoder:
    """Remembers the text of each record that it was given, by identity: records never change."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[Found, str]] = {}

    def line(self, found: Found) -> str:
        """Return a record on one line, in the form that checksums are taken of."""
        known = self._known.get(id(found))
        if known is None:
            known = self._known[id(found)] = found, canonical(found.to_dict(), allow_nan=False)
        return known[1]

    def lines(self, found: Sequence[Found]) -> list[str]:
        """Return several."""
        return [self.line(each) for each in found]
