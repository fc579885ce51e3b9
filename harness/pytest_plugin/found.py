"""What an item found: typed within a process, a dictionary on the wire between processes."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from harness.flow.close import TimedStep
from harness.results.json_border import plain
from harness.results.outcome import Outcome
from harness.results.sweep_outcome import TrainabilityMap


@dataclass(frozen=True)
class Trained:
    """The outcome of a case, and the scenario file that declared it."""

    outcome: Outcome
    scenario: Path


Found = Trained | TrainabilityMap | TimedStep

_TIMED = TypeAdapter(TimedStep)


def to_wire(found: Found) -> dict[str, Any]:
    """Return what xdist's wire and JSON can carry."""
    match found:
        case Trained():
            return {"outcome": found.outcome.to_dict(), "scenario": str(found.scenario)}
        case TrainabilityMap():
            return {"map": plain(found.to_dict())}
        case TimedStep():
            return {"timed": plain(asdict(found))}


def from_wire(record: dict[str, Any]) -> Found:
    """Rebuild what `to_wire` took apart."""
    if "outcome" in record:
        return Trained(Outcome.from_dict(record["outcome"]), Path(record["scenario"]))
    if "map" in record:
        return TrainabilityMap.from_dict(record["map"])
    return _TIMED.validate_python(record["timed"])
