"""What is found of a case besides training it: its probes, and what rounding makes of its losses.

The latter is asked only where training differs from what was accepted.

The user's own code may do anything there, as in training: it is called on a worker, where there
are any, and so is a case of which this process cannot hold a second copy.
"""

from collections.abc import Callable
from typing import NamedTuple

from harness import backends
from harness.execution.job import TrainingError, Work
from harness.execution.memory import too_large_here
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.probes import Level, Shared, probe
from harness.reference import first_loss_rounding
from harness.results.probe import Probe
from harness.scenario import Case

Rounding = tuple[float, ...]
"""Relative change that rounding alone makes to each of the first losses."""

FIRST_LOSS_ONLY: Rounding = (0.0,)
"""What no step has touched: of a case that is not computed once more nothing else is compared."""


class Examined(NamedTuple):
    """What was found.

    Attributes:
        probes: numerical checks.
        unknown: why nothing could be found, empty if it could.
    """

    probes: tuple[Probe, ...] = ()
    unknown: str = ""


def examine(work: Work, trainer: Trainer, gate: Gate) -> Examined:
    """Make the probes of a case."""
    case = work.case.declared
    if case is None:  # the arithmetic is its owner's
        return Examined()
    too_large = too_large_here(case)
    if too_large is not None and trainer.make_pool is None:
        skipped = Probe("all", "skipped", None, None, too_large)
        return Examined((skipped,) if gate.level != "off" else ())
    if too_large is None and not case.own_code:
        found, _ = examined(_unheard, work, case, gate.level, gate.shared)
        return found
    return _on_a_worker(work, case, trainer, gate)


def rounding_of(work: Work, trainer: Trainer) -> Rounding:
    """Compute what rounding makes of a case's first losses; nothing where it has no reference."""
    case = work.case.declared
    if case is None:
        return ()
    too_large = too_large_here(case) is not None
    if not too_large and not case.own_code:
        return _rounding(_unheard, case)
    if too_large and trainer.make_pool is None:
        return FIRST_LOSS_ONLY
    try:
        return trainer.call(work, _rounding, case)
    except TrainingError:
        return FIRST_LOSS_ONLY


def _rounding(begin: Callable[[str], None], case: Case) -> Rounding:
    begin("rounding")
    return tuple(first_loss_rounding(case))


def _on_a_worker(work: Work, case: Case, trainer: Trainer, gate: Gate) -> Examined:
    # a fingerprint does not tell apart what tests hand over
    shared = {} if case.handed_over else gate.shared_of_own_code
    try:
        found, made = trainer.call(work, examined, work, case, gate.level, shared)
    except TrainingError as error:
        if case.own_code:
            return Examined(unknown=f"after training, {error}")
        lost = Probe("all", "skipped", None, None, f"not made: {error}")
        return Examined((lost,))
    shared.update(made)
    return found


def examined(
    begin: Callable[[str], None], work: Work, case: Case, level: Level, shared: Shared
) -> tuple[Examined, Shared]:
    """Examine a case in this process; return also the probes that other cases can share.

    ``begin`` is told what is done next.
    """
    backend = backends.get(work.backend)
    probes = probe(case, backend, work.device, level, shared, begin=begin)
    return Examined(tuple(probes)), shared


def _unheard(_: str) -> None:
    """Hear what is done next where nobody waits in another process."""
