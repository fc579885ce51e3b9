"""How much longer a run trains: by what its seeds declare, and by what has been trained so far."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import mean

from harness.execution.job import Member, Work
from harness.execution.journal import Key
from harness.history import History

CONVERGING_SHARE = 0.31
"""Of its budget that a seed trains where its case converges: the median of the 141 accepted such
cases of the shipped catalogue; their quartiles are 0.20 and 0.40. Where a case fails, nearly every
seed spends its budget (0.97 in the mean of 74)."""

STARTED = 0.02
"""Of the work: what is done before it is no measure, for workers that still start train nothing."""

TELLING = 0.05
"""Of the work, after that: it says how long the rest takes."""


@dataclass(frozen=True)
class Done:
    """Work of a run, in units of its own: what is done, and what is left."""

    done: float
    left: float


@dataclass
class Clock:
    """Tells from looks at a run how long the rest takes.

    Attributes:
        first: when the first look that counts was taken, and what was done then.
    """

    first: tuple[float, float] | None = None

    def seconds_left(self, now: float, work: Done) -> float | None:
        """Return for how long the rest trains, if all goes on as it does; ``None`` too early."""
        whole = work.done + work.left
        if self.first is None:
            if work.done > STARTED * whole:
                self.first = now, work.done
            return None
        began, before = self.first
        since = work.done - before
        return (now - began) * work.left / since if since > TELLING * whole else None


def work_of(
    members: Sequence[Member], trained: Mapping[Key, History], running: Mapping[Key, int]
) -> Done:
    """Return what is done of a run, and what is left.

    Other seeds of a case tell how many epochs it takes; without any its claim does.

    Args:
        members: every seed that the run has to train.
        trained: histories of those that are.
        running: epochs of those that train now.
    """
    epochs: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for member in members:
        if member.key in trained:
            epochs[member.work.id].append(trained[member.key].epochs)
    done = left = 0.0
    for member in members:
        key, work = member.key, member.work
        if key in trained:
            done += work.epoch_effort * trained[key].epochs
            continue
        expected = mean(epochs[work.id]) if epochs[work.id] else _expected(work)
        now = running.get(key, 0)
        done += work.epoch_effort * now
        left += work.epoch_effort * max(expected - now, 1)
    return Done(done, left)


def _expected(work: Work) -> float:
    share = CONVERGING_SHARE if work.case.expect == "converges" else 1.0
    return share * (work.case.budget or 1)
