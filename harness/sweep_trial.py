"""A sweep -> its map of trainability, as `trial` makes an outcome of a case."""

from dataclasses import dataclass
from functools import cached_property

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

    def run(self, trainer: Trainer) -> TrainabilityMap:
        """Train all points, as one call where the backend can, and chart what came of them."""
        seeds = range(self.exact_seeds or self.sweep.seeds)
        shown = self.sweep.cases[0].model_copy(update={"name": self.sweep.name})
        trainer.together(self.works, seeds, shown)
        for work in self.works:
            trainer.queue(work, seeds)
        histories = [trainer.histories(work, seeds) for work in self.works]
        return chart(self.scenario, self.sweep, self.backend, self.device, histories)
