"""The gate as a user has it, probes and comparison with a baseline, put over one change."""

import math
import os
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from harness import backends
from harness.baseline import RATE, Baseline, BaselineCase, accept, path_of
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.probes import Shared, probe
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.selftest.cases import CASES, SCENARIO
from harness.selftest.fault import Change, Control, Fault
from harness.selftest.target import Target

AMONG = 125
"""Comparisons in a run of the shipped catalogue: the false discovery rate is over all of them."""


@dataclass(frozen=True)
class Alarm:
    """A signal that went off, and the number it went off at."""

    signal: str
    number: str
    sentence: str


@dataclass(frozen=True)
class Finding:
    """What the gate said about one change.

    Attributes:
        change: what was injected.
        alarms: the one farthest beyond its tolerance first.
        comparison: what the training said, ``None`` where probes had said enough.
        seconds: until all of this was known; a baseline is trained before, once a case.
        cannot_act: why the change cannot act where it was to be examined, if so.
    """

    change: Change
    alarms: tuple[Alarm, ...]
    comparison: Comparison | None
    seconds: float
    cannot_act: str | None = None


@dataclass
class Examiner:
    """Examines changes, one at a time; keeps what clean training gave.

    Attributes:
        target: on which backend and device.
        thorough: make all probes, and train, even where a probe has failed already.
        clean: by backend and the name of a case.
        shared: probes of cases that nothing is injected into.
    """

    target: Target = field(default_factory=Target)
    thorough: bool = False
    clean: dict[str, dict[str, BaselineCase]] = field(default_factory=dict)
    shared: Shared = field(default_factory=dict)

    def examine(self, change: Change) -> Finding:
        """Inject a change and ask the probes, then, where they are silent, the baseline."""
        reason = self.target.cannot_act(change)
        if reason is not None:
            return Finding(change, (), None, 0.0, reason)
        comparison = None
        started = time.perf_counter()
        alarms = self._probed(change)
        seconds = time.perf_counter() - started
        if self.thorough or not (alarms or _slow(change)):
            work = self._work(change)
            gate = self._gate(work)
            started = time.perf_counter()
            with change.inject():
                comparison = run(work, gate).comparison
            alarms += _differs(comparison)
            seconds += time.perf_counter() - started
        return Finding(change, tuple(alarms), comparison, seconds)

    def _work(self, change: Change) -> Work:
        return Work(CASES[change.case], self.target.backend_of(change), self.target.device)

    def _probed(self, change: Change) -> list[Alarm]:
        """Make the probes that a fault lists for its backend first; the others if these miss it."""
        name = self.target.backend_of(change)
        rounds: list[Collection[str] | None] = [None]
        if isinstance(change, Fault) and change.backend == name and not self.thorough:
            rounds.insert(0, change.probes)
        shared: Shared = self.shared if change.leaves_all else {}
        alarms: list[Alarm] = []
        while rounds and not alarms:
            with change.inject():
                found = probe(
                    CASES[change.case],
                    *(backends.get(name), self.target.device, "fast", shared, rounds.pop(0)),
                )
            told = [each for each in found if each.status in ("fail", "error")]
            alarms = [_failed(each) for each in sorted(told, key=_share)]
        return alarms

    def _gate(self, work: Work) -> Gate:
        """Return a gate whose baseline is what clean training gave."""
        clean, name = self.clean.setdefault(work.backend, {}), work.case.name
        if name not in clean:
            clean[name] = accept(run(work, Gate("off", "off", AMONG)))
        path = path_of(SCENARIO.path, work.backend, work.device)
        accepted = Baseline(SCENARIO.name, work.backend, work.device, clean)
        return Gate("check", "off", AMONG, baselines={path: accepted})


def run(work: Work, gate: Gate, seeds: int | None = None) -> Outcome:
    """Train a case in this process, where a change acts, and write nothing down.

    As many seeds as the case declares, unless told otherwise.
    """
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    try:
        trial = Trial(SCENARIO, work, seeds or work.case.seeds.min, explained=False)
        return trial.run(trainer, gate)
    finally:
        trainer.close()


def _slow(change: Change) -> bool:
    return isinstance(change, Control) and change.slow


def _share(found: Probe) -> float:
    """Sort by how far beyond its tolerance a number is; what has no finite number comes last."""
    if found.value is None or not math.isfinite(found.value):
        return math.inf
    return -found.value / found.tolerance if found.tolerance else -math.inf


def _failed(found: Probe) -> Alarm:
    if found.value is None or found.tolerance is None:
        return Alarm(found.name, "raised", found.sentence)
    return Alarm(found.name, f"{found.value:.2g} > {found.tolerance:.2g}", found.sentence)


def _differs(comparison: Comparison) -> list[Alarm]:
    p_values = {
        "slower": comparison.p_slower,
        "faster": comparison.p_faster,
        "changed": comparison.p_changed,
    }
    if not comparison.regressed:
        return []
    number = f"p = {p_values[comparison.status]:.2g} < {RATE:g}"
    differ, explained = comparison.first_losses_differ_by, comparison.rounding_explains
    if comparison.status == "changed" and differ and explained and differ > explained:
        number = f"{differ:.2g} > {explained:.2g}"
    return [Alarm(f"training {comparison.status}", number, comparison.sentence)]
