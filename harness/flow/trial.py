"""A case -> its Outcome: the whole flow on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.execution.job import Work
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.history import History, Stop
from harness.reference import first_loss_rounding
from harness.results.outcome import Outcome, summarise, workload
from harness.scenario import Scenario
from harness.verdict import judge, needs_more


@dataclass(frozen=True)
class Trial:
    """One case of a scenario on one backend and device.

    ``exact_seeds`` trains that many seeds and no more; otherwise the sequential test says when
    it has seen enough.
    """

    scenario: Scenario
    work: Work
    exact_seeds: int | None

    @property
    def identity(self) -> tuple[str, str]:
        """What tells it from the file's other trials: its case and its backend."""
        return self.work.case.name, self.work.backend

    def first_seeds(self) -> Sequence[int]:
        """Return the seeds that are trained in any event."""
        return range(self.exact_seeds or self.work.case.seeds.min)

    @property
    def workload(self) -> list[str]:
        """What decides how long a step takes; outcomes with the same one share its time."""
        work = self.work
        return [work.case.scenario, workload(work.case), work.backend, work.device]

    def run(self, trainer: Trainer, gate: Gate) -> Outcome:
        """Probe, train, judge the claim, summarise, and hold it against the baseline.

        A user's own model is probed once a worker has trained it: one that kills its process
        must not kill this one.
        """
        work = self.work
        own_model = work.case.model.factory is not None
        probes = [] if own_model else gate.probes(work)
        histories = self._train(trainer)
        if own_model and not any(history.stopped is Stop.CRASHED for history in histories):
            probes = gate.probes(work)
        verdict = judge(work.case, histories)
        outcome = summarise(
            work.case, self.scenario.question, work.backend, work.device, histories, verdict
        )
        rounding = first_loss_rounding(work.case)
        return gate.judge(replace(outcome, probes=probes, rounding=rounding), self.scenario.path)

    def _train(self, trainer: Trainer) -> list[History]:
        case = self.work.case
        histories = trainer.histories(self.work.members(self.first_seeds()))
        while self.exact_seeds is None and len(histories) < case.seeds.max:
            if not needs_more(case, histories):
                break
            until = min(len(histories) + case.seeds.min, case.seeds.max)
            histories += trainer.histories(self.work.members(range(len(histories), until)))
        return histories
