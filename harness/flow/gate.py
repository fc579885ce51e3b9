"""What an outcome has to survive besides its claim: probes, and the accepted baseline."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from harness.baseline import (
    Baseline,
    BaselineError,
    compare,
    compare_timing,
    control_false_discoveries,
    load,
    path_of,
)
from harness.execution.job import Work
from harness.probes import Level, Shared
from harness.results.comparison import Comparison
from harness.results.outcome import Outcome
from harness.results.timing import TimingComparison

Mode = Literal["check", "update", "require", "off"]


@dataclass
class Gate:
    """Judges outcomes against what was accepted, and backends by their arithmetic.

    Attributes:
        mode: whether baselines are checked, required, about to be written, or left alone.
        level: which probes are made.
        among: how many comparisons the run makes, for its false discovery rate.
        exact: whether what is not bit for bit what was accepted is refused.
        shared: probes already made, for cases that agree in what those look at.
        shared_of_own_code: those of cases with code of the user's, which workers make.
    """

    mode: Mode
    level: Level
    among: int
    exact: bool = False
    shared: Shared = field(default_factory=dict)
    shared_of_own_code: Shared = field(default_factory=dict)
    baselines: dict[Path, Baseline | None] = field(default_factory=dict)

    def compare(self, outcome: Outcome, scenario: Path) -> Comparison:
        """Compare an outcome with its baseline, and say whether it is refused."""
        if self.mode == "off":
            return Comparison()
        try:
            found = self._compare(outcome, scenario)
        except BaselineError as error:
            found = Comparison("none", str(error), refused=True)
        missing = self.mode == "require" and found.status in ("none", "not_comparable")
        if self.exact and not found.identical:
            found = replace(found, refused=True, sentence=f"{_inexact(found)}; {found.sentence}")
        refused = self.mode != "update" and (found.refused or found.regressed or missing)
        return replace(found, refused=refused)

    def timing(
        self, work: Work, scenario: Path, rounds: Sequence[float], processor: str
    ) -> TimingComparison:
        """Compare the time of a step with the accepted one, where there is one.

        Times are compared on the processor that they were accepted on, and on no other.
        """
        if self.mode not in ("check", "require"):
            return TimingComparison()
        try:
            accepted = self._baseline(path_of(scenario, work.backend, work.device))
        except BaselineError:  # reported by the case itself
            return TimingComparison()
        case = accepted.cases.get(work.case.name) if accepted else None
        if case is None or not case.timing or case.accepted.get("processor") != processor:
            return TimingComparison()
        return compare_timing(rounds, case.timing)

    def _compare(self, outcome: Outcome, scenario: Path) -> Comparison:
        baseline = self._baseline(path_of(scenario, outcome.backend, outcome.device))
        if baseline is not None and baseline.scenario != outcome.scenario:
            raise BaselineError(
                f"the baseline is of {baseline.scenario}: "
                "accept one with --convergence-baseline=update"
            )
        accepted = baseline.cases.get(outcome.case) if baseline else None
        differences = compare(outcome, accepted)
        (comparison,) = control_false_discoveries([differences], among=self.among)
        return comparison

    def _baseline(self, path: Path) -> Baseline | None:
        if path not in self.baselines:
            self.baselines[path] = load(path) if path.exists() else None
        return self.baselines[path]


def _inexact(found: Comparison) -> str:
    """Say why a comparison is not exact."""
    if found.identical is None:
        return "not known to be bit for bit what was accepted: no digest of its curves was accepted"
    return "not bit for bit what was accepted"


def baseline_paths(works: Sequence[tuple[Work, Path]]) -> list[Path]:
    """Return where the baselines of works and their scenario files are, or would be."""
    return sorted({path_of(scenario, work.backend, work.device) for work, scenario in works})
