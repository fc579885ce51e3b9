"""When is a job taken for one that hangs? A limit from outside, for what never comes back."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.execution.job import Job

LOOK = 1.0
"""Seconds between two looks at the jobs."""

LEAST_SILENCE = 900.0
"""Seconds without a finished epoch that are never too many: 15 minutes. The longest epoch of the
shipped catalogue took 1.8 s (docs/executors.md says how that was measured)."""

EPOCHS = 50
"""So many times the longest epoch seen in this run is silence, too: epochs of one run differ by
data and width, and a machine that swaps is an order of magnitude slower."""

UNSEEN = 4
"""How many times longer nothing may finish where no epochs are seen, as on other machines."""

GRACE = 60.0
"""Seconds beyond a case's own ``training.time_limit``, which is checked when an epoch ends."""


class Stalled(Exception):  # noqa: N818  # it is a state; the message says what to do
    """Jobs that showed no progress for too long; the message says for how long."""

    def __init__(self, jobs: Sequence[Job], sentence: str) -> None:
        super().__init__(sentence)
        self.jobs = jobs


@dataclass
class Seen:
    """What is known of a job that trains: its latest note, and when it began and last changed."""

    note: str
    began: float
    changed: float


@dataclass
class Watchdog:
    """Looks at the notes of jobs, and tells which of them hang.

    Time passes only while it looks, every `LOOK` seconds: a run that was suspended, or busy with
    something else, has not waited.

    Attributes:
        timeout: seconds that one seed may take, where the user said so.
        clock: seconds that were watched so far.
        longest: between two notes of a job, of all jobs so far.
        life: when anything last changed: a note, or how many jobs there are.
    """

    timeout: float | None = None
    clock: float = 0.0
    looked: float = field(default_factory=time.monotonic)
    longest: float = 0.0
    life: float = 0.0
    jobs: int = 0
    seen: dict[Path, Seen] = field(default_factory=dict)

    def check(self, jobs: Sequence[Job]) -> None:
        """Look at the jobs that are not finished, the one that is waited for first.

        Raises:
            Stalled: if any of them hangs.
        """
        now = time.monotonic()
        self.clock += min(now - self.looked, 2 * LOOK)
        self.looked = now
        if len(jobs) != self.jobs:
            self.jobs, self.life = len(jobs), self.clock
        training = [job for job in jobs if self._look(job)]
        stalled = [job for job in training if self._overdue(job)]
        if not training and self.clock - self.life > UNSEEN * self._silence(jobs[0]):
            stalled = [jobs[0]]
        if stalled:
            raise Stalled(stalled, self._sentence(stalled[0]))

    def _look(self, job: Job) -> bool:
        """Note down what a job says; return whether it says anything: it has begun."""
        try:
            note = job.note.read_text()
        except OSError:
            self.seen.pop(job.note, None)
            return False
        seen = self.seen.setdefault(job.note, Seen(note, self.clock, self.clock))
        if note != seen.note:
            self.longest = max(self.longest, self.clock - seen.changed)
            seen.note, seen.changed = note, self.clock
        self.life = max(self.life, seen.changed)
        return True

    def _overdue(self, job: Job) -> bool:
        seen, limit = self.seen[job.note], self._limit(job)
        if limit is not None:
            since = seen.changed if job.limit_per_note else seen.began
            return self.clock - since > limit
        return self.clock - seen.changed > self._silence(job)

    def _limit(self, job: Job) -> float | None:
        """Return the seconds that a job may take in all, ``None`` where nobody said."""
        if self.timeout is not None:
            return self.timeout * len(job.members)
        limits = [member.work.case.time_limit for member in job.members]
        return sum(2 * limit for limit in limits if limit) + GRACE if all(limits) else None

    def _silence(self, job: Job) -> float:
        limit = self._limit(job)
        return max(LEAST_SILENCE, EPOCHS * self.longest) if limit is None else limit

    def _sentence(self, job: Job) -> str:
        limit = self._limit(job)
        if limit is None:
            text = f"no epoch ended within {self._silence(job):.0f} s"
        else:
            text = f"it did not end within {limit:.0f} s"
        return f"{text}, and was stopped (--convergence-seed-timeout allows longer)"
