"""A sweep -> its map of trainability, as `trial` makes an outcome of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness.execution.job import Member, Work
from harness.execution.trainer import Trainer
from harness.results.sweep_outcome import TrainabilityMap, chart, not_drawn
from harness.scenario import Scenario, Sweep


@dataclass(frozen=True)
class SweepTrial:
    """One sweep of a scenario on one backend and device."""

    scenario: Scenario
    sweep: Sweep
    backend: str
    device: str
    exact_seeds: int | None

    @property
    def identity(self) -> tuple[str, str]:
        """What tells it from the file's other sweeps: its name and its backend."""
        return self.sweep.name, self.backend

    @cached_property
    def works(self) -> tuple[Work, ...]:
        """A case a point."""
        return tuple(Work(case, self.backend, self.device) for case in self.sweep.cases)

    @property
    def seeds(self) -> Sequence[int]:
        """The seeds that are trained at every point."""
        return range(self.exact_seeds or self.sweep.seeds)

    def queue(self, trainer: Trainer) -> None:
        """Start training the points, many in one call where the backend can."""
        trainer.queue(self._members())

    def run(self, trainer: Trainer) -> TrainabilityMap:
        """Train all points, and chart what came of them."""
        trainer.histories(self._members())
        histories = [trainer.histories(work.members(self.seeds)) for work in self.works]
        return chart(self.scenario, self.sweep, self.backend, self.device, histories)

    def not_judged(self, reason: str) -> TrainabilityMap:
        """Return the record of a map that was selected and is not there, with why."""
        return not_drawn(self.scenario, self.sweep, self.backend, self.device, reason)

    def _members(self) -> list[Member]:
        return [member for work in self.works for member in work.members(self.seeds)]
