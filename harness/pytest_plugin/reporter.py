"""Collects what items found, in the process that reports, and writes it down now and then."""

import time
from bisect import bisect_right
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.flow.close import TimedStep
    from harness.pytest_plugin.found import Found, Trained
    from harness.results.sweep_outcome import TrainabilityMap

UNREVIEWED = "first acceptance"

INTERVAL = 5.0
"""Seconds from one writing of the reports to the next, while a run goes on."""

SHARE = 0.05
"""Of a run's time that goes, at most, into reports which a later writing replaces."""


class Reporter:
    """Keeps what a run found; writes the reports at the end, and some of what is known before."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.folder: Path = config.getoption("convergence_report_dir")
        self.trained: list[Trained] = []
        self.maps: list[TrainabilityMap] = []
        self.timed: list[TimedStep] = []
        self.environment: dict[str, Any] = {}
        self.lines: list[str] = []
        self.taken: list[int] = []
        self.places: dict[str, int] = {}
        self.writings = Writings(time.monotonic())

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """Learn the order of all items: xdist's workers finish in any other."""
        if not self.places:
            self.places = {node: place for place, node in enumerate(ids)}
            if self.config.getoption("convergence_resume"):
                from harness.pytest_plugin.run import say_what_xdist_resumes  # noqa: PLC0415  # as below

                say_what_xdist_resumes(self.config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what an item found; it arrives here from this process or from an xdist worker."""
        found: Found | None = getattr(report, "convergence", None)
        if found is None:
            return
        self._take(found, report.nodeid)
        if self.writings.due(time.monotonic()):
            self._write()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the reports; look after the baselines, once everything has been judged."""
        if self.trained or self.maps or self._stopped_before_the_first(exitstatus):
            self._write()
        over = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not self.trained or not over or self.config.getoption("convergence_baseline") == "off":
            return
        from harness.baseline import BaselineError  # noqa: PLC0415  # as above

        try:
            self.lines, errors = self._baselines()
        except BaselineError as error:
            self.lines, errors = [], [f"ERROR: {error}"]
        if errors:
            self.lines += errors
            session.exitstatus = pytest.ExitCode.USAGE_ERROR

    @pytest.hookimpl(trylast=True)  # what was decided is read last, below the timings
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, what became of baselines, and where the reports lie."""
        if not self.trained and not self.maps:
            return
        from harness import report  # noqa: PLC0415  # as above

        terminalreporter.section("convergence")
        width = terminalreporter._tw.fullwidth  # noqa: SLF001  # pytest has no public width
        terminalreporter.write_line(
            report.terminal([each.outcome for each in self._closed()], width, self.maps)
        )
        for line in ("", *self.lines):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"reports: {self.folder}/convergence.html and .md, .csv")

    def _baselines(self) -> tuple[list[str], list[str]]:
        """Return what to say of baselines, and what went wrong with them."""
        from harness.pytest_plugin import acceptance, discovery  # noqa: PLC0415  # as above

        folders = discovery.scenario_folders(self.config)
        if self.config.getoption("convergence_baseline") != "update":
            return [f"orphaned baseline: {orphan}" for orphan in acceptance.gone(folders)], []
        reason = self.config.getoption("convergence_reason") or UNREVIEWED
        environment = {**self.environment, "threads": 1}
        lines, errors = acceptance.accept(self._closed(), reason, environment)
        return lines + acceptance.clear(folders), errors

    def _stopped_before_the_first(self, exitstatus: int) -> bool:
        """Tell whether the reports that lie there are an earlier run's."""
        if exitstatus != pytest.ExitCode.INTERRUPTED or self.trained or self.maps:
            return False
        from harness.pytest_plugin.run import RUN  # noqa: PLC0415  # as above

        return RUN in self.config.stash

    def _take(self, found: "Found", node: str) -> None:
        from harness.flow.close import TimedStep  # noqa: PLC0415  # only runs with scenarios pay
        from harness.pytest_plugin.found import Trained  # noqa: PLC0415  # as above

        if isinstance(found, Trained):
            self.trained.insert(self._place(node), found)
        elif isinstance(found, TimedStep):
            self.timed.append(found)
        else:
            self.maps.append(found)

    def _place(self, node: str) -> int:
        """Return where among the outcomes so far an item's belongs, in the order of collection."""
        place = self.places.get(node, len(self.places))
        at = bisect_right(self.taken, place)
        self.taken.insert(at, place)
        return at

    def _closed(self) -> "list[Trained]":
        """Return what was trained, with the times of steps that are known."""
        from harness.flow.close import close  # noqa: PLC0415  # as above

        return [replace(each, outcome=close(each.outcome, self.timed)) for each in self.trained]

    def _write(self) -> None:
        from harness import report  # noqa: PLC0415  # as above

        started = time.monotonic()
        if not self.environment:
            self.environment = report.environment()
        outcomes = [each.outcome for each in self._closed()]
        try:
            report.write(self.folder, self.environment, outcomes, self.maps)
        except OSError as error:
            reason = f"cannot write {error.filename or self.folder}: {error.strerror}"
            message = f"ERROR: --convergence-report-dir: {reason}"
            pytest.exit(message, pytest.ExitCode.USAGE_ERROR)
        self.writings.note(started, time.monotonic())


@dataclass
class Writings:
    """When reports are written while a run goes on, so that they take little of its time."""

    started: float
    latest: float = 0.0
    longest: float = 0.0
    spent: float = 0.0

    def due(self, now: float) -> bool:
        """Whether one more writing, as long as the longest so far, keeps within `SHARE`."""
        waited = now - max(self.started, self.latest) >= INTERVAL
        return waited and self.spent + self.longest <= SHARE * (now - self.started)

    def note(self, began: float, ended: float) -> None:
        """Remember a writing."""
        self.latest, self.spent = ended, self.spent + ended - began
        self.longest = max(self.longest, ended - began)
