"""The gate as a user has it, probes and comparison with a baseline, put over one change."""

import math
import time
from dataclasses import dataclass, field, replace

from harness.backends import get
from harness.baseline import RATE, BaselineCase, accept, compare, settle
from harness.baseline.comparison import Comparison
from harness.probes import Probe, probe
from harness.reference import first_loss_rounding
from harness.results.outcome import Outcome, summarise
from harness.scenario import Case
from harness.selftest.cases import CASES
from harness.selftest.fault import Change
from harness.verdict import judge

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
class Gate:
    """Examines changes, one at a time; keeps what clean training gave.

    Attributes:
        thorough: compare training even where a probe has failed already.
        clean: by the name of a case.
    """

    thorough: bool = False
    clean: dict[str, BaselineCase] = field(default_factory=dict)

    def examine(self, change: Change) -> Finding:
        """Inject a change and ask the probes, then, where they are silent, the baseline."""
        case, backend = CASES[change.case], change.backend
        alarms: list[Alarm] = []
        comparison = None
        started = time.perf_counter()
        with change.inject():
            probes = probe(case, get(backend), DEVICE, "fast")
        alarms += [_failed(each) for each in sorted(probes, key=_share) if each.status == "fail"]
        seconds = time.perf_counter() - started
        if self.thorough or not alarms:
            accepted = self._accepted(case, backend)
            started = time.perf_counter()
            with change.inject():
                (comparison,) = settle([compare(_train(case, backend), accepted)], among=AMONG)
            alarms += _differs(comparison)
            seconds += time.perf_counter() - started
        return Finding(change, tuple(alarms), comparison, seconds)

    def _accepted(self, case: Case, backend: str) -> BaselineCase:
        if case.name not in self.clean:
            self.clean[case.name] = accept(_train(case, backend))
        return self.clean[case.name]


def _train(case: Case, backend: str) -> Outcome:
    histories = get(backend).train(case, range(case.seeds.min), DEVICE, lambda *_: None)
    outcome = summarise(case, "", backend, DEVICE, histories, judge(case, histories))
    return replace(outcome, rounding=first_loss_rounding(case))


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
    if comparison.status not in p_values:
        return []
    number = f"p = {p_values[comparison.status]:.2g} < {RATE:g}"
    early = comparison.early
    if comparison.status == "changed" and early is not None and early.beyond_rounding:
        number = f"{early.difference:.2g} > {early.allowed:.2g}"
    return [Alarm(f"training {comparison.status}", number, comparison.sentence)]
