"""What an outcome has to survive besides its claim: probes, and the accepted baseline."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from harness import backends
from harness.baseline import (
    FAILING,
    Baseline,
    BaselineError,
    Timing,
    TimingComparison,
    compare,
    compare_timing,
    load,
    path_of,
    settle,
)
from harness.execution.job import Work
from harness.probes import Level, probe
from harness.results.outcome import Outcome
from harness.results.probe import Probe

Mode = Literal["check", "update", "require", "off"]


@dataclass
class Gate:
    """Judges outcomes against what was accepted, and backends by their arithmetic.

    Attributes:
        mode: whether baselines are checked, required, about to be written, or left alone.
        level: which probes are made.
        among: how many comparisons the run makes, for its false discovery rate.
    """

    mode: Mode
    level: Level
    among: int
    shared: dict[tuple[str, ...], Probe] = field(default_factory=dict)
    baselines: dict[Path, Baseline | None] = field(default_factory=dict)

    def probes(self, work: Work) -> list[dict[str, Any]]:
        """Make the probes of a case, before it is trained."""
        backend = backends.get(work.backend)
        made = probe(work.case, backend, work.device, self.level, self.shared)
        return [
            {**asdict(p), "value": _plain(p.value), "tolerance": _plain(p.tolerance)} for p in made
        ]

    def judge(self, outcome: Outcome, scenario: Path) -> Outcome:
        """Compare an outcome with its baseline; fail it for that or for a failed probe."""
        reasons = [f"probe {p['name']}: {p['sentence']}" for p in outcome.probes if _failed(p)]
        if self.mode != "off":
            told = self._compare(outcome, scenario)
            outcome = replace(outcome, baseline=told)
            if self._refuses(told):
                reasons.append(f"baseline {told['status']}: {told['sentence']}")
        if not reasons:
            return outcome
        result = "fail" if outcome.outcome == "pass" else outcome.outcome
        return replace(outcome, outcome=result, sentence="; ".join([*reasons, outcome.sentence]))

    def _refuses(self, told: dict[str, Any]) -> bool:
        """Whether a comparison fails its case; where baselines are updated it only tells."""
        if self.mode == "update":
            return False
        missing = self.mode == "require" and told["status"] in ("none", "not_comparable")
        return told["status"] in FAILING or missing or "error" in told

    def timing(
        self, work: Work, scenario: Path, new: Timing, processor: str
    ) -> TimingComparison | None:
        """Compare the time of a step with the accepted one, ``None`` where there is none.

        Times are compared on the processor that they were accepted on, and on no other.
        """
        if self.mode not in ("check", "require"):
            return None
        try:
            accepted = self._baseline(path_of(scenario, work.backend, work.device))
        except BaselineError:  # reported by the case itself
            return None
        case = accepted.cases.get(work.case.name) if accepted else None
        if case is None or not case.timing or case.accepted.get("processor") != processor:
            return None
        return compare_timing(new, Timing(case.timing))

    def _compare(self, outcome: Outcome, scenario: Path) -> dict[str, Any]:
        try:
            baseline = self._baseline(path_of(scenario, outcome.backend, outcome.device))
        except BaselineError as error:
            return {"status": "none", "sentence": str(error), "error": True}
        if baseline is not None and baseline.scenario != outcome.scenario:
            other = (
                f"the baseline is of {baseline.scenario}: "
                "accept one with --convergence-baseline=update"
            )
            return {"status": "none", "sentence": other, "error": True}
        accepted = baseline.cases.get(outcome.case) if baseline else None
        [comparison] = settle([compare(outcome, accepted)], among=self.among)
        return comparison.to_dict()

    def _baseline(self, path: Path) -> Baseline | None:
        if path not in self.baselines:
            self.baselines[path] = load(path) if path.exists() else None
        return self.baselines[path]


def _plain(number: float | None) -> float | None:
    """A Python float that JSON and xdist's wire can carry; ``None`` if it is not finite."""
    return float(number) if number is not None and math.isfinite(number) else None


def _failed(made: dict[str, Any]) -> bool:
    return bool(made["status"] == "fail")


def baseline_paths(works: Sequence[tuple[Work, Path]]) -> list[Path]:
    """Return where the baselines of works and their scenario files are, or would be."""
    return sorted({path_of(scenario, work.backend, work.device) for work, scenario in works})
