"""Collects what items found, in the process that reports, and writes it down case by case."""

from bisect import bisect_right
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.results.outcome import Outcome
    from harness.results.sweep_outcome import TrainabilityMap

UNREVIEWED = "first acceptance"


class Reporter:
    """Keeps the outcomes of a run; rewrites the reports whenever one is added."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.folder: Path = config.getoption("convergence_report_dir")
        self.outcomes: list[Outcome] = []
        self.scenarios: list[Path] = []
        self.maps: list[TrainabilityMap] = []
        self.timings: dict[tuple[str, str], list[float]] = {}
        self.environment: dict[str, Any] = {}
        self.lines: list[str] = []
        self.taken: list[int] = []
        self.places: dict[str, int] = {}

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
        found: dict[str, Any] | None = getattr(report, "convergence", None)
        if found is None:
            return
        if "outcome" in found:
            from harness.results.outcome import Outcome  # noqa: PLC0415  # only runs with scenarios pay

            at = self._place(report.nodeid)
            self.outcomes.insert(at, Outcome.from_dict(found["outcome"]))
            self.scenarios.insert(at, Path(found["scenario"]))
        if "map" in found:
            from harness.results.sweep_outcome import TrainabilityMap  # noqa: PLC0415  # as above

            self.maps.append(TrainabilityMap.from_dict(found["map"]))
        if "timed" in found:  # all training is over: one more writing at the end will do
            self.outcomes = [self._timed(outcome, found) for outcome in self.outcomes]
            return
        if self.outcomes or self.maps:
            self._write()

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the times; look after the baselines, once everything has been judged."""
        if self.timings or self._stopped_before_the_first(exitstatus):
            self._write()
        over = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if not self.outcomes or not over or self.config.getoption("convergence_baseline") == "off":
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
        if not self.outcomes and not self.maps:
            return
        from harness import report  # noqa: PLC0415  # as above

        terminalreporter.section("convergence")
        width = terminalreporter._tw.fullwidth  # noqa: SLF001  # pytest has no public width
        terminalreporter.write_line(report.terminal(self.outcomes, width, self.maps))
        for line in ("", *self.lines):
            terminalreporter.write_line(line)
        terminalreporter.write_line(f"reports: {self.folder}/convergence.html and .md, .csv")

    def _baselines(self) -> tuple[list[str], list[str]]:
        """Return what to say of baselines, and what went wrong with them."""
        from harness.baseline import Timing  # noqa: PLC0415  # as above
        from harness.pytest_plugin import acceptance, discovery  # noqa: PLC0415  # as above

        folders = discovery.scenario_folders(self.config)
        if self.config.getoption("convergence_baseline") != "update":
            return [f"orphaned baseline: {orphan}" for orphan in acceptance.gone(folders)], []
        reason = self.config.getoption("convergence_reason") or UNREVIEWED
        found = list(zip(self.scenarios, self.outcomes, strict=True))
        timings = {which: Timing(tuple(rounds)) for which, rounds in self.timings.items()}
        environment = {**self.environment, "threads": 1}
        lines, errors = acceptance.accept(found, timings, reason, environment)
        return lines + acceptance.clear(folders), errors

    def _stopped_before_the_first(self, exitstatus: int) -> bool:
        """Tell whether the reports that lie there are an earlier run's."""
        if exitstatus != pytest.ExitCode.INTERRUPTED or self.outcomes or self.maps:
            return False
        from harness.pytest_plugin.run import RUN  # noqa: PLC0415  # as above

        return RUN in self.config.stash

    def _place(self, node: str) -> int:
        """Return where among the outcomes so far an item's belongs, in the order of collection."""
        place = self.places.get(node, len(self.places))
        at = bisect_right(self.taken, place)
        self.taken.insert(at, place)
        return at

    def _timed(self, outcome: "Outcome", found: dict[str, Any]) -> "Outcome":
        workload = [outcome.scenario, outcome.workload, outcome.backend, outcome.device]
        if workload != list(found["timed"]):
            return outcome
        self.timings[outcome.backend, outcome.id] = list(found["timing"])
        outcome = replace(outcome, seconds_per_step=found["seconds_per_step"])
        compared = dict(found.get("against_accepted", {}))
        if compared.pop("case", None) != [outcome.id, outcome.backend, outcome.device]:
            return outcome
        return timed(outcome, compared)

    def _write(self) -> None:
        from harness import report  # noqa: PLC0415  # as above

        if not self.environment:
            self.environment = report.environment()
        try:
            report.write(self.folder, self.environment, self.outcomes, self.maps)
        except OSError as error:
            reason = f"cannot write {error.filename or self.folder}: {error.strerror}"
            message = f"ERROR: --convergence-report-dir: {reason}"
            pytest.exit(message, pytest.ExitCode.USAGE_ERROR)


def timed(outcome: "Outcome", compared: dict[str, Any]) -> "Outcome":
    """Return an outcome with what the timing gate said of its step, and failed by it if slower."""
    outcome = replace(outcome, baseline={**outcome.baseline, "timing": compared})
    if compared["status"] != "slower":
        return outcome
    result = "fail" if outcome.outcome == "pass" else outcome.outcome
    return replace(outcome, outcome=result, sentence=f"{compared['sentence']}; {outcome.sentence}")
