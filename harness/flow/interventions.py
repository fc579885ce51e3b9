"""Remedies of a failing case, trained: other cases of its file first, then edits of our own."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from harness.diagnosis.answer import DECIDES
from harness.diagnosis.cases.cause import Cause
from harness.diagnosis.cases.edits import Edit, addressed, as_toml, difference, refutes
from harness.diagnosis.cases.proposal import edited, proposed
from harness.diagnosis.cases.together import Tried, weight
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

Ranked = Callable[[Sequence[Tried]], Sequence[Cause]]
"""The causes that seeds named, in the order that trainings with edits leave them in."""

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

    def tried(self, ranked: Ranked) -> list[Tried]:
        """Train with what addresses the causes that were named, until one of them is decided."""
        names = {cause.cause for cause in ranked([])}
        made = [
            self._trained(other, edit)
            for other, edit in islice(self._cases_of_the_file(names), OF_THE_FILE)
        ]
        of_file = len(made)
        while len(made) < of_file + OURS and (edit := self._open(ranked(made), made)):
            assert isinstance(self.work.case, Case)  # noqa: S101  # only such a case has an edit
            made.append(self._trained(edited(self.work.case, edit), edit, ours=True))
        return made

    def _open(self, causes: Sequence[Cause], made: Sequence[Tried]) -> Edit | None:
        """Return an edit for the likeliest cause that nothing speaks for or against yet."""
        case = self.work.case
        if not isinstance(case, Case) or self.outcome.seconds_a_seed * SEEDS > SECONDS:
            return None
        if self._decided(causes):
            return None
        settled = {name for each in made for name in (each.causes if each.works else each.refuted)}
        tried = {each.edit for each in made}
        edits = (proposed(each.cause, case) for each in causes if each.cause not in settled)
        return next((edit for edit in edits if edit and as_toml(edit) not in tried), None)

    def _decided(self, causes: Sequence[Cause]) -> bool:
        """Whether the first cause stays first.

        Its remedy works, or the file states it and no other is near enough to be put before it.
        """
        alone = len(causes) == 1 or weight(causes[0]) - weight(causes[1]) > DECIDES
        return causes[0].confirmed is True or (causes[0].cause == self.outcome.stated and alone)

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
            by_hand = remedy and not known and self.outcome.stated
            if by_hand or (known & names and (remedy or len(known & names) == 1)):
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
