"""A sweep -> its map of trainability, as `trial` makes an outcome of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness import backends
from harness.scenario import Scenario, Sweep
from harness.sweep_outcome import TrainabilityMap, chart
from harness.trainer import Trainer, Work


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
        """Start training the points, unless the backend is about to train them in one call."""
        if not isinstance(backends.get(self.backend), backends.TrainsMany):
            for work in self.works:
                trainer.queue(work, self.seeds)

    def run(self, trainer: Trainer) -> TrainabilityMap:
        """Train all points, as one call where the backend can, and chart what came of them."""
        seeds = self.seeds
        shown = self.sweep.cases[0].model_copy(update={"name": self.sweep.name})
        trainer.together(self.works, seeds, shown)
        self.queue(trainer)
        histories = [trainer.histories(work, seeds) for work in self.works]
        return chart(self.scenario, self.sweep, self.backend, self.device, histories)
