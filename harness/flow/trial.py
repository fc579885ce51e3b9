"""A case -> its Outcome: the whole flow on one screen."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from harness.execution.job import Work
from harness.execution.trainer import Trainer
from harness.flow.close import Workload, workload_of
from harness.flow.diagnosis import diagnosed
from harness.flow.examination import FIRST_LOSS_ONLY, Examined, examine, rounding_of
from harness.flow.gate import Gate
from harness.results.declaration import Declaration, declaration
from harness.results.judged import seeds_wanted
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun, seed_run
from harness.scenario import Scenario
from harness.user_code import handed_over, importable
from harness.verdict import Symptom


@dataclass(frozen=True)
class Trial:
    """One case of a scenario on one backend and device.

    ``exact_seeds`` trains that many seeds and no more; otherwise the sequential test says when
    it has seen enough. ``quick`` makes them a first look, which fails only what contradicts its
    claim already. ``explained`` has a failure diagnosed.
    """

    scenario: Scenario
    work: Work
    exact_seeds: int | None
    quick: bool = False
    explained: bool = True

    @property
    def identity(self) -> tuple[str, str]:
        """What tells it from the file's other trials: its case and its backend."""
        return self.work.case.name, self.work.backend

    def first_seeds(self) -> Sequence[int]:
        """Return the seeds that are trained in any event."""
        return range(self.exact_seeds or self.work.case.seeds.min)

    @property
    def declaration(self) -> Declaration:
        """What the case claims."""
        case, asked = self.work.case, self.scenario
        return declaration(case, asked.question, case.fingerprint, asked.tags)

    @property
    def workload(self) -> Workload:
        """What decides how long a step takes."""
        return workload_of(self.declaration, self.work.backend, self.work.device)

    def run(self, trainer: Trainer, gate: Gate) -> Outcome:
        """Probe, train, and hold what came of it against the baseline."""
        case = self.work.case
        with importable(case.importable), handed_over(case.handed_over):
            return self._run(trainer, gate)

    def _run(self, trainer: Trainer, gate: Gate) -> Outcome:
        """Examine and train; a case with code of the user's the other way round.

        If it crashes, or does not fit, training tells so once.
        """
        work, declared = self.work, self.declaration
        own_code = bool(work.case.own_code)
        found = Examined() if own_code else examine(work, trainer, gate)
        runs = self._train(trainer, declared)
        crashed = Symptom.CRASHED in [run.symptom for run in runs]
        if own_code and not crashed:
            found = examine(work, trainer, gate)
        outcome = Outcome(
            **vars(declared),
            backend=work.backend,
            device=work.device,
            runs=tuple(runs),
            probes=found.probes,
            rounding=FIRST_LOSS_ONLY if work.case.declared else (),
            quick=self.quick,
            not_judged="" if crashed else work.disturbed or found.unknown,
        )
        if outcome.not_judged:
            return outcome
        if self.explained:
            outcome = diagnosed(outcome, work, self.scenario, trainer)
        return self._compared(outcome, trainer, gate)

    def _compared(self, outcome: Outcome, trainer: Trainer, gate: Gate) -> Outcome:
        """Hold it against the baseline; what rounding explains is asked only of what differs."""
        found = gate.compare(outcome, self.scenario.path)
        if found.paired and not found.identical:
            outcome = replace(outcome, rounding=rounding_of(self.work, trainer))
            found = gate.compare(outcome, self.scenario.path)
        return replace(outcome, comparison=found)

    def not_judged(self, reason: str) -> Outcome:
        """Return the outcome of a case that was selected, and of which nothing is known."""
        work = self.work
        declared = declaration(work.case, self.scenario.question, "", self.scenario.tags)
        return Outcome(
            **vars(declared), backend=work.backend, device=work.device, not_judged=reason
        )

    def _train(self, trainer: Trainer, declared: Declaration) -> list[SeedRun]:
        case = self.work.case
        runs = self._runs(trainer, self.first_seeds())
        while self.exact_seeds is None and (wanted := seeds_wanted(declared, runs)):
            until = min(len(runs) + wanted, case.seeds.max)
            if until == len(runs):
                break
            runs += self._runs(trainer, range(len(runs), until))
        return runs

    def _runs(self, trainer: Trainer, seeds: Sequence[int]) -> list[SeedRun]:
        histories = trainer.histories(self.work.members(seeds))
        return [seed_run(history, self.work.case.converged) for history in histories]
