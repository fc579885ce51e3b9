"""Collects what items found, in the process that reports, and writes it down case by case."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.outcome import Outcome


class Reporter:
    """Keeps the outcomes of a run; rewrites the reports whenever one is added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.outcomes: list[Outcome] = []
        self.environment: dict[str, Any] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what an item found; it arrives here from this process or from an xdist worker."""
        found: dict[str, Any] | None = getattr(report, "harness", None)
        if found is None:
            return
        if "outcome" in found:
            from harness.outcome import Outcome  # noqa: PLC0415  # only runs with scenarios pay

            self.outcomes.append(Outcome.from_dict(found["outcome"]))
        if "timed" in found:
            self.outcomes = [_timed(outcome, found) for outcome in self.outcomes]
        if self.outcomes:
            self._write()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, and where the reports lie."""
        if not self.outcomes:
            return
        from harness import report  # noqa: PLC0415  # as above

        terminalreporter.section("convergence")
        width = terminalreporter._tw.fullwidth  # noqa: SLF001  # pytest has no public width
        terminalreporter.write_line(report.terminal(self.outcomes, width))
        terminalreporter.write_line(f"\nreports: {self.folder}/convergence.html and .md, .csv")

    def _write(self) -> None:
        from harness import report  # noqa: PLC0415  # as above

        if not self.environment:
            self.environment = report.environment()
        report.write(self.folder, self.environment, self.outcomes)


def _timed(outcome: "Outcome", found: dict[str, Any]) -> "Outcome":
    workload = [outcome.scenario, outcome.workload, outcome.backend, outcome.device]
    if workload != list(found["timed"]):
        return outcome
    return replace(outcome, seconds_per_step=found["seconds_per_step"])
