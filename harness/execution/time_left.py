"""How much longer a run trains: by what its seeds declare, and by what has been trained so far."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from statistics import mean

from harness.execution.job import Member, Work
from harness.execution.journal import Key
from harness.history import History

CONVERGING_SHARE = 0.31
"""Of its budget that a seed trains where its case converges: the median of the 141 accepted such
cases of the shipped catalogue; their quartiles are 0.20 and 0.40. Where a case fails, nearly every
seed spends its budget (0.97 in the mean of 74)."""


TELLING = 0.05
"""Of the work, which has to be done before it says how long the rest takes: the first epochs wait
for workers that still start. Hello world was told to take 57 times as long after two epochs, and
0.58 to 1.7 times from a twentieth on (`pytest scenarios/hello_world.toml`, of a busy machine)."""


def seconds_left(
    members: Sequence[Member],
    trained: Mapping[Key, History],
    running: Mapping[Key, int],
    elapsed: float,
) -> float | None:
    """Return for how long the other seeds train, if all goes on as it did; ``None`` before much is done.

    Other seeds of a case tell how many epochs it takes; without any its claim does.

    Args:
        members: every seed that the run has to train.
        trained: histories of those that are.
        running: epochs of those that train now.
        elapsed: seconds since the first one began.
    """
    epochs: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for member in members:
        if member.key in trained:
            epochs[member.work.id].append(trained[member.key].epochs)
    done = left = 0.0
    for work, seed in members:
        key, unit = Member(work, seed).key, work.epoch_effort
        if key in trained:
            done += unit * trained[key].epochs
            continue
        expected = mean(epochs[work.id]) if epochs[work.id] else _expected(work)
        now = running.get(key, 0)
        done += unit * now
        left += unit * max(expected - now, 1)
    return elapsed * left / done if done >= TELLING * (done + left) else None


def _expected(work: Work) -> float:
    share = CONVERGING_SHARE if work.case.expect == "converges" else 1.0
    return share * (work.case.budget or 1)
