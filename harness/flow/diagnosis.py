"""Why a case fails: its seeds trained once more under watch, then remedies tried."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from harness.backends.raised import ends_the_test, sentence_of
from harness.diagnosis.answer import Diagnosis
from harness.diagnosis.cases.replay_own import replay_own
from harness.diagnosis.cases.together import asked_for, together
from harness.diagnosis.engine import diagnose
from harness.diagnosis.observations import Observations
from harness.execution.job import TrainingError, Work
from harness.execution.memory import too_large_here
from harness.execution.trainer import Trainer
from harness.flow.interventions import Interventions
from harness.results.outcome import Outcome
from harness.results.seed_run import SeedRun
from harness.scenario import Case, OwnCase, Scenario
from harness.scenario.own_training import OwnTraining
from harness.verdict import Symptom

LOOKED_AT = 3
"""Failed seeds that are trained once more, until two of them agree, or one with the file."""

SECONDS = 60.0
"""Seeds that took longer together, when they were judged, are not trained once more."""


class NotWatched(Exception):  # noqa: N818  # it is an answer, and no mistake
    """Why there is no diagnosis, in one sentence."""


def diagnosed(outcome: Outcome, work: Work, scenario: Scenario, trainer: Trainer) -> Outcome:
    """Return an outcome with the causes of its failure, ranked, and how they were found.

    No time is spent where nothing failed, or only what a claim allows to fail.

    Args:
        outcome: of the case.
        work: the case on its backend.
        scenario: its file, whose other cases serve as experiments.
        trainer: trains with remedies.
    """
    failed = [run for run in outcome.runs if run.symptom is not None]
    if not _asked(outcome, failed):
        return outcome
    try:
        answers = list(_answers(work, failed, trainer, outcome.stated))
    except NotWatched as reason:
        return replace(outcome, diagnosed_by=f"no diagnosis: {reason}")
    how = f"{len(answers)} of {len(failed)} failed seeds were trained once more under watch"
    causes = together(work.case, answers)
    if not causes:
        return replace(outcome, diagnosed_by=f"undecided: {how}, and no cause stood out")
    ranked = partial(together, work.case, answers)
    tried = Interventions(outcome, work, scenario, trainer).tried(ranked)
    return replace(outcome, diagnosis=ranked(tried), diagnosed_by=how)


def _asked(outcome: Outcome, failed: Sequence[SeedRun]) -> bool:
    """Whether anybody wants to know: a claim that seeds fail, or one that does not hold."""
    if not failed or any(run.symptom is Symptom.CRASHED for run in failed):
        return False
    return outcome.expect == "fails" or not outcome.accepted


def _answers(
    work: Work, failed: Sequence[SeedRun], trainer: Trainer, stated: str | None
) -> Iterator[Diagnosis]:
    """Yield the diagnosis of one seed after the other, until two agree, or one with the file."""
    _check_watchable(work, failed[0])
    named: list[str] = []
    left = SECONDS
    for run in failed[:LOOKED_AT]:
        left -= run.seconds
        if left < 0 or len(set(named)) < len(named) or stated in named:
            return
        found = _of_seed(work, run, trainer)
        named.append(found.primary)
        yield found


def _check_watchable(work: Work, first: SeedRun) -> None:
    case = work.case
    if isinstance(case, OwnCase):
        if isinstance(case.train, OwnTraining) and case.train.command is not None:
            raise NotWatched("a command trains in a process of its own, see harness diagnose")
    elif (large := too_large_here(case)) is not None:
        raise NotWatched(large)
    if first.seconds > SECONDS:
        raise NotWatched(f"a seed takes {first.seconds:.0f} s, more than {SECONDS:g} s")


def _of_seed(work: Work, run: SeedRun, trainer: Trainer) -> Diagnosis:
    """Watch a seed: on a worker where the user's own code may take its process with it."""
    own_code = isinstance(work.case, OwnCase) or bool(work.case.own_code)
    if not own_code or trainer.make_pool is None:
        return _watched(work, run)
    try:
        found = trainer.call(work, _watched_there, work, run)
    except TrainingError as error:
        raise NotWatched(f"training once more under watch: {error}") from None
    if isinstance(found, str):
        raise NotWatched(found)
    return found


def _watched_there(begin: Callable[[str], None], work: Work, run: SeedRun) -> Diagnosis | str:
    """Return the diagnosis, or why there is none, to another process."""
    begin(f"seed {run.seed}")
    try:
        return _watched(work, run)
    except NotWatched as reason:
        return str(reason)


def _watched(work: Work, run: SeedRun) -> Diagnosis:
    try:
        seen = _replayed(work.case, run.seed)
    except BaseException as error:
        if ends_the_test(error):
            raise
        raise NotWatched(f"training once more under watch raised {sentence_of(error)}") from None
    if seen is None:
        raise NotWatched("no update of PyTorch, and no fit of Keras, was seen")
    if seen.missed is None:
        where = "on eager" if work.case.declared else "once more"
        raise NotWatched(
            f"trained {where}, seed {run.seed} does what was asked, so that what it declares is "
            f"not what failed on {work.backend}"
        )
    return asked_for(seen, diagnose(seen))


def _replayed(case: Case | OwnCase, seed: int) -> Observations | None:
    if isinstance(case, OwnCase):
        return replay_own(case, seed)
    from harness.diagnosis.cases.replay import replay  # noqa: PLC0415  # torch takes seconds

    return replay(case, seed)
