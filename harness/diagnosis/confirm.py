"""Runs a script again with each cause's remedy, and keeps the cause whose remedy works."""

import io
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from harness.diagnosis.answer import Diagnosis, Tried
from harness.diagnosis.edits import REMEDIES
from harness.diagnosis.edits.feature_scales import Scales, scales
from harness.diagnosis.names import Cause
from harness.diagnosis.observations import Observations
from harness.diagnosis.rates import ANY, usual
from harness.diagnosis.rerun import Ended, Plan
from harness.diagnosis.session import Session
from harness.diagnosis.trained import Trained, trained

SEEDS = 4
"""Runs with an edit: where half of them train by chance, 4 of 4 do in 1 of 16 times."""

SECONDS = 300.0
"""A run with other seeds is not begun where it would end later: five minutes are waited for."""

PATIENCE = 5.0, 60.0
"""A run that takes so many times as long as the first one, and seconds more, is ended: with an edit
a script may wait for what never comes."""

UNKNOWN = Trained("unknown", -math.inf)
"""Of a run that came to no end."""

Rerun = Callable[[Plan, float], Ended | None]
"""Makes a run by a plan, within so many seconds; ``None`` where nothing came of it."""


@dataclass
class Experiments:
    """Runs of one script as it is written and with edits, under the same seeds.

    Attributes:
        rerun: makes a run.
        first: how the script's own run ended.
        seconds: that it took.
        scales: of what it trained on.
        usual_rate: whether its learning rate is one that is often used.
        runs: made so far, the script's own one included.
        interrupted: by Ctrl-C, before all were made.
    """

    rerun: Rerun
    first: Ended
    seconds: float
    scales: Scales = field(default_factory=Scales)
    usual_rate: bool = False
    runs: int = 1
    interrupted: bool = False
    _written: dict[int, Trained] = field(default_factory=dict)
    _began: float = field(default_factory=time.monotonic)

    def tried(self, cause: Cause) -> Tried | None:
        """Run with a cause's remedy; ``None`` where it could not be made, or nothing be judged."""
        first = self.first.trained
        if not first.known:
            return None
        with_edit: list[Trained] = []
        while len(with_edit) < SEEDS and (not with_edit or self.in_time(len(with_edit))):
            ended = self._made(Plan(len(with_edit), cause, self.scales))
            if ended is None or not (ended.made and self._alike(ended.trained)):
                return None
            if ended.crashed and not self.first.crashed:
                return None  # the edit does not fit the script
            with_edit.append(ended.trained)
            better = (each.beside(first.reached, each.reached) for each in with_edit)
            if 2 * len(with_edit) >= SEEDS and not any(better):
                break  # no more than half of them can train
        tried = self._judged(cause, with_edit)
        return tried if first.ending != "unknown" or tried.works else None

    def _alike(self, trained: Trained) -> bool:
        """Whether a run can be held against the first one."""
        endings = trained.ending, self.first.trained.ending
        return trained.known and (endings[0] == "unknown") == (endings[1] == "unknown")

    def _judged(self, cause: Cause, with_edit: list[Trained]) -> Tried:
        written = [self._as_written(run) for run, _ in enumerate(with_edit)]
        pairs = [pair for pair in zip(written, with_edit, strict=True) if pair[0].known]
        reached = [median(each.reached for each in runs) for runs in zip(*pairs, strict=True)]
        before, after = (
            [each.beside(reached[0], max(reached)) for each in runs]
            for runs in zip(*pairs, strict=True)
        )
        edit = REMEDIES[cause]
        return Tried(
            what=edit.name,
            before=sum(before),
            after=sum(after),
            seeds=len(pairs),
            slow=any(after) and len(with_edit) < SEEDS,
            general=edit.helps_others,
            rules_out=edit.rules_out,
            usual_rate=self.usual_rate and cause == "learning_rate_too_low",
        )

    def _as_written(self, run: int) -> Trained:
        if run == 0:
            return self.first.trained
        if run not in self._written:
            ended = self._made(Plan(run))
            self._written[run] = UNKNOWN if ended is None else ended.trained
        return self._written[run]

    def _made(self, plan: Plan) -> Ended | None:
        self.runs += 1
        times, more = PATIENCE
        return self.rerun(plan, times * self.seconds + more)

    def in_time(self, run: int = 0) -> bool:
        """Whether a run of this number ends in time, and those as written that are missing then."""
        more = 1 + max(0, run - len(self._written))
        return time.monotonic() - self._began + more * self.seconds < SECONDS


def confirm(answer: Diagnosis, experiments: Experiments) -> Diagnosis:
    """Try the remedies that can be made from outside, for one cause after the other.

    Those that help at other causes as well come last, and not where another one works; the first
    one is tried however slow the script is, others in time.

    Args:
        answer: what the script's own run said.
        experiments: runs of the same script.
    """
    named = [cause for cause in answer.causes if cause in REMEDIES]
    tried: dict[Cause, Tried] = {}
    try:
        for cause in sorted(named, key=lambda cause: REMEDIES[cause].helps_others):
            if REMEDIES[cause].helps_others and any(one.confirmed for one in tried.values()):
                break
            if tried and not experiments.in_time():
                break
            if (one := experiments.tried(cause)) is not None:
                tried[cause] = one
    except KeyboardInterrupt:  # what is known by then is said
        experiments.interrupted = True
    return answer.confirmed(tried, runs=experiments.runs)


def experiments(session: Session, rerun: Rerun, seconds: float) -> Experiments:
    """What can be tried of a script that was run.

    Args:
        session: its own run.
        rerun: makes another one.
        seconds: that its own took, what was found out about it included.
    """
    first = Ended(made=True, crashed=session.ended.crashed, trained=trained(session.seen))
    return Experiments(rerun, first, seconds, scales(session.seen), usual_rate(session.seen))


def usual_rate(seen: Sequence[Observations]) -> bool:
    """Whether most updates of the longest training were made at a rate that is often used."""
    optimizer = max(seen, key=lambda each: len(each.losses)).optimizer
    low, high = usual(optimizer) or ANY
    return bool(optimizer.rates) and low <= median(optimizer.rates) <= high


def rerunning(path: Path | str, arguments: list[str], given: BinaryIO | None = None) -> Rerun:
    """Runs of a script in processes of their own; what they print is not shown.

    Args:
        path: the script, as the user named it.
        arguments: its arguments.
        given: what each run reads from its standard input.
    """

    def rerun(plan: Plan, seconds: float) -> Ended | None:
        command = [sys.executable, "-m", "harness.diagnosis.rerun", plan.as_json(), str(path)]
        if given is not None:
            given.seek(0)
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(  # noqa: S603 - the script that the user named
                [*command, *arguments],
                stdin=given or subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",  # a script may print any bytes
                check=False,
                timeout=seconds,
            )
            return last_answer(done.stdout)
        return None

    return rerun


def last_answer(printed: str) -> Ended | None:
    """What a run said of itself; libraries may print after it when they are left."""
    for line in reversed(printed.splitlines()):
        if line.startswith(BEGINS):
            with suppress(ValueError, TypeError, KeyError):
                return Ended.of_json(line)
    return None


BEGINS = '{"made": '
"""How the answer of `harness.diagnosis.rerun` begins, which is a line of its own."""


@contextmanager
def input_kept(*, wanted: bool) -> Iterator[BinaryIO | None]:
    """Keep what a script reads from its standard input, so that further runs can read it again.

    Yields a file that holds it; none where that is not wanted.
    """
    if not wanted or sys.stdin is None:
        yield None
        return
    before = sys.stdin
    with TemporaryFile() as kept:
        sys.stdin = io.TextIOWrapper(io.BufferedReader(_Kept(before.buffer, kept)))
        try:
            yield kept
        finally:
            sys.stdin = before


class _Kept(io.RawIOBase):
    """Reads when it is asked to, and no sooner: nobody may ever write."""

    def __init__(self, source: Any, kept: BinaryIO) -> None:
        self.source = source
        self.kept = kept

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        read: bytes = self.source.read1(len(buffer))
        self.kept.write(read)
        buffer[: len(read)] = read
        return len(read)
