"""A sweep -> its map of trainability, as `trial` makes an outcome of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from harness import backends
from harness.journal import Journal, key_of
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
        backend = backends.get(self.backend)
        if isinstance(backend, backends.TrainsMany):
            self._train_together(backend, seeds, trainer.journal)
        for work in self.works:
            trainer.queue(work, seeds)
        histories = [trainer.histories(work, seeds) for work in self.works]
        return chart(self.scenario, self.sweep, self.backend, self.device, histories)

    def _train_together(
        self, backend: backends.TrainsMany, seeds: Sequence[int], journal: Journal
    ) -> None:
        """Train what the journal lacks, in this process, and put it there."""
        every = [(work.case, seed) for work in self.works for seed in seeds]
        keys = [key_of(case, seed, self.backend, self.device) for case, seed in every]
        lacking = {k: job for k, job in zip(keys, every, strict=True) if k not in journal.entries}
        histories = backend.train_many(list(lacking.values()), self.device, lambda *_: None)
        for key, history in zip(lacking, histories, strict=True):
            journal.add(key, history)
