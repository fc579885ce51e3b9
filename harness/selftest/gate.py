"""The gate as a user has it, probes and comparison with a baseline, put over one change."""

import math
import os
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness.baseline import RATE, Baseline, BaselineCase, accept, path_of
from harness.execution.job import Work
from harness.execution.journal import Journal
from harness.execution.trainer import Trainer
from harness.flow.gate import Gate
from harness.flow.trial import Trial
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.probe import Probe
from harness.scenario import Case
from harness.selftest.cases import CASES, SCENARIO, SEEDS
from harness.selftest.fault import Change

DEVICE = "cpu"

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
    """

    change: Change
    alarms: tuple[Alarm, ...]
    comparison: Comparison | None
    seconds: float


@dataclass
class Examiner:
    """Examines changes, one at a time; keeps what clean training gave.

    Attributes:
        thorough: compare training even where a probe has failed already.
        clean: by backend and the name of a case.
    """

    thorough: bool = False
    clean: dict[str, dict[str, BaselineCase]] = field(default_factory=dict)

    def examine(self, change: Change) -> Finding:
        """Inject a change and ask the probes, then, where they are silent, the baseline."""
        case, backend = CASES[change.case], change.backend
        comparison = None
        started = time.perf_counter()
        with change.inject():
            probes = Gate("off", "fast", AMONG).probes(Work(case, backend, DEVICE))
        alarms = [_failed(each) for each in sorted(probes, key=_share) if each.status == "fail"]
        seconds = time.perf_counter() - started
        if self.thorough or not alarms:
            gate = self._gate(case, backend)
            started = time.perf_counter()
            with change.inject():
                comparison = run(case, gate, backend).comparison
            alarms += _differs(comparison)
            seconds += time.perf_counter() - started
        return Finding(change, tuple(alarms), comparison, seconds)

    def _gate(self, case: Case, backend: str) -> Gate:
        """Return a gate whose baseline is what clean training gave."""
        clean = self.clean.setdefault(backend, {})
        if case.name not in clean:
            clean[case.name] = accept(run(case, Gate("off", "off", AMONG), backend))
        path = path_of(SCENARIO.path, backend, DEVICE)
        accepted = Baseline(SCENARIO.name, backend, DEVICE, clean)
        return Gate("check", "off", AMONG, baselines={path: accepted})


def run(case: Case, gate: Gate, backend: str, seeds: int = SEEDS) -> Outcome:
    """Train a case in this process, where a change acts, and write nothing down."""
    trainer = Trainer(None, 1, Journal(Path(os.devnull)))
    try:
        return Trial(SCENARIO, Work(case, backend, DEVICE), seeds).run(trainer, gate)
    finally:
        trainer.close()


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
