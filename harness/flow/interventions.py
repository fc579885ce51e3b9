"""Remedies of a failing case, trained: other cases of its file first, then edits of our own."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from harness.diagnosis.cases.cause import Cause
from harness.diagnosis.cases.edits import Edit, addressed, as_toml, difference, refutes
from harness.diagnosis.cases.proposal import edited, proposed
from harness.diagnosis.cases.together import Tried
from harness.diagnosis.names import CAUSES
from harness.execution.job import Work
from harness.execution.trainer import Trainer
from harness.history import converged_epoch
from harness.results.outcome import Outcome
from harness.scenario import Case, OwnCase, Scenario

SEEDS = 4
"""Seeds that are trained with a remedy: where half converge, 4 of 4 do in 1 of 16 times."""

OF_THE_FILE = 2
"""Other cases of the file that serve as experiments."""

OURS = 2
"""Edits of our own, for the likeliest causes that no other case speaks for or against."""

SECONDS = 60.0
"""An edit of our own is not trained with where that takes longer, as the seeds so far did."""


@dataclass(frozen=True)
class Interventions:
    """What can be tried of a case that fails.

    Attributes:
        outcome: what its seeds did.
        work: the case on its backend.
        scenario: its file.
        trainer: what it has trained already it does not train again.
    """

    outcome: Outcome
    work: Work
    scenario: Scenario
    trainer: Trainer

    def tried(self, causes: Sequence[Cause]) -> list[Tried]:
        """Train with what addresses the causes that were named, the likeliest first."""
        names = {cause.cause for cause in causes}
        made = [
            self._trained(other, edit)
            for other, edit in islice(self._cases_of_the_file(names), OF_THE_FILE)
        ]
        settled = {name for each in made for name in (each.causes if each.works else each.refuted)}
        case = self.work.case
        if not isinstance(case, Case) or self.outcome.seconds_a_seed * SEEDS > SECONDS:
            return made
        open_ = [cause.cause for cause in causes if cause.cause not in settled]
        edits = [edit for name in open_[:OURS] if (edit := proposed(name, case)) is not None]
        return made + [self._trained(edited(case, edit), edit, ours=True) for edit in edits]

    def _cases_of_the_file(self, names: set[str]) -> Iterator[tuple[Case | OwnCase, Edit | None]]:
        """Yield cases that tell the named causes apart, declared remedies first."""
        case = self.work.case
        for other in sorted(self.scenario.claims, key=lambda each: each.remedies != case.name):
            remedy = other.remedies == case.name
            if other.name == case.name:
                continue
            if not (isinstance(case, Case) and isinstance(other, Case)):
                if remedy and isinstance(case, Case) == isinstance(other, Case):
                    yield other, None
                continue
            edit = difference(case, other)
            if edit is None:
                continue
            known = addressed(edit)
            if (remedy and not known) or (known & names and (remedy or len(known & names) == 1)):
                yield other, edit

    def _trained(self, other: Case | OwnCase, edit: Edit | None, *, ours: bool = False) -> Tried:
        """Train the first seeds of another case beside those of the failing one."""
        case, runs = self.work.case, self.outcome.runs[:SEEDS]
        members = replace(self.work, case=other).members([run.seed for run in runs])
        histories = self.trainer.histories(members)
        rule = other.converged
        after = [converged_epoch(each.judged_metric(rule), rule) for each in histories]
        causes = addressed(edit) if edit else frozenset()
        refuted = (
            {cause for cause in causes if refutes(edit, cause, case)}
            if edit and isinstance(case, Case)
            else set()
        )
        return Tried(
            causes=causes or frozenset(CAUSES),
            refuted=frozenset(refuted),
            edit=as_toml(edit),
            name="" if ours else other.name,
            before=sum(run.converged_at is not None for run in runs),
            after=sum(epoch is not None for epoch in after),
            seeds=len(runs),
        )
