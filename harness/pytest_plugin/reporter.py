"""Collects what items found, in the process that reports, and writes it down now and then."""

import time
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin import github
from harness.pytest_plugin.account import Account, trains
from harness.pytest_plugin.colour import coloured
from harness.pytest_plugin.pace import Pace
from harness.pytest_plugin.shard import DIVISION
from harness.pytest_plugin.stash import RUN, SELECTED

if TYPE_CHECKING:
    from harness.flow.close import TimedStep
    from harness.pytest_plugin.found import Found, Trained
    from harness.report import Encoder
    from harness.report.run_folders import State
    from harness.results.sweep_outcome import TrainabilityMap

UNREVIEWED = "first acceptance"


class Reporter:
    """Keeps what a run found; writes the reports at the end, and some of what is known before."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.trained: list[Trained] = []
        self.maps: list[TrainabilityMap] = []
        self.timed: list[TimedStep] = []
        self.environment: dict[str, str | int] = {}
        self.revision: dict[str, str] = {}
        self.lines: list[str] = []
        self.unkept: list[str] = []
        self.taken: list[int] = []
        chosen = config.option.keyword or config.option.markexpr
        self.selection = bool(chosen) or _names_files(config)
        self.failed: list[pytest.TestReport] = []
        self.order: dict[str, int] = {}
        self.run: str | None = None
        self.pace = Pace(time.monotonic())
        self.account = Account()

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:
        """Learn the order of all items: xdist's workers finish in any other.

        The report folder is this run's; a worker that is first to take it cannot end the run.
        """
        if not self.order:
            self.order = {each: place for place, each in enumerate(ids)}
            self.run = node.workerinput["testrunuid"]
            if any(".toml::" in each for each in ids):
                self._take_folder()
            if self.config.getoption("convergence_resume"):
                from harness.pytest_plugin.preparation import say_what_xdist_resumes  # noqa: PLC0415  # as below

                say_what_xdist_resumes(self.config)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what an item found; it arrives here from this process or from an xdist worker."""
        self.account.note(report)
        found: list[Found] = getattr(report, "convergence", [])
        if not found:
            return
        for each in found:
            self._take(each, report.nodeid)
        self.failed += [report] if report.failed else []
        if self.pace.due(time.monotonic()):
            self._write()
        else:
            self._add(found)

    def pytest_deselected(self) -> None:
        """Note that not all that was collected is run; what other shards run is no selection."""
        self.selection = self.selection or DIVISION not in self.config.stash

    @pytest.hookimpl(tryfirst=True)
    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Stop all workers at once: nobody waits for what they train."""
        self.account.stop(excinfo.value)
        if RUN in self.config.stash:
            self.config.stash[RUN].trainer.close()

    @pytest.hookimpl(tryfirst=True)
    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note that no other item will run."""
        self.account.stop(excinfo.value)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the reports; look after the baselines, once everything has been judged."""
        if exitstatus == pytest.ExitCode.USAGE_ERROR:  # nothing began; the folder may be another's
            return
        for node, found in self._not_judged(session):
            self._take(found, node)
        empty = self._is_empty_shard()
        if empty and exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED:
            session.exitstatus = exitstatus = pytest.ExitCode.OK
        over = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if self.trained or self.maps or empty or self._stopped_before_the_first(exitstatus):
            ended = over and not self.account.stopped
            self._close(finished=ended and (empty or bool(self.trained)))
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

    @pytest.hookimpl(tryfirst=True)  # the answer, before pytest-benchmark's table of timings
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table, what became of baselines, and where the reports lie."""
        if not self.trained and not self.maps:
            return
        from harness import report  # noqa: PLC0415  # as above
        from harness.pytest_plugin import record  # noqa: PLC0415  # as above

        terminalreporter.section("convergence")
        width = terminalreporter._tw.fullwidth  # noqa: SLF001  # pytest has no public width
        outcomes = [each.outcome for each in self._closed()]
        document = report.compose(self.environment, outcomes, self.maps)
        if self.config.option.tbstyle != "no":  # pytest told of what failed
            document = document.without_failures()
        for line in report.terminal(document, width).splitlines():
            terminalreporter.write_line(coloured(line, terminalreporter))
        told = [*self.lines, *self.unkept, *self._unwritten(), self.account.resumption(self.config)]
        told += [
            report.append_summary((self.folder / "convergence.md").read_text(encoding="utf-8"))
        ]
        told += github.annotations(_headlines(self.failed))
        for line in ("", *filter(None, told), *record.where(self.config)):
            terminalreporter.write_line(line)

    @property
    def folder(self) -> Path:
        """Where this run writes."""
        from harness.pytest_plugin.report_folder import run_folder  # noqa: PLC0415  # as above

        return run_folder(self.config)

    @cached_property
    def encoder(self) -> "Encoder":
        """What encodes each case once, for as often as it is written."""
        from harness import report  # noqa: PLC0415  # as above

        return report.Encoder()

    def _unwritten(self) -> list[str]:
        """Return what to say of a journal that took no more, where this process trains."""
        run = self.config.stash.get(RUN, None)
        reason = run.trainer.journal.unwritten if run else ""
        return [f"warning: {reason}: what was not written cannot be resumed"] if reason else []

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
        return RUN in self.config.stash

    def _is_empty_shard(self) -> bool:
        """Tell whether other shards train all that there is; its report says so when merged."""
        division = self.config.stash.get(DIVISION, None)
        return (
            division is not None and division.leaves_nothing and not self.config.option.collectonly
        )

    def _shard(self) -> dict[str, str]:
        """Return what the shards' reports are known by when they are merged."""
        shard = self.config.getoption("convergence_shard")
        division = self.config.stash.get(DIVISION, None)
        if shard is None:
            return {}
        digest = {"shard_plan": division.digest} if division else {}  # xdist's workers divide
        return {"shard": str(shard), **digest}

    def _not_judged(self, session: pytest.Session) -> "list[tuple[str, Trained | TrainabilityMap]]":
        ours = SELECTED in self.config.stash or any(map(trains, self.order))
        return list(self.account.not_judged(session, list(self.order))) if ours else []

    def _take(self, found: "Found", node: str) -> None:
        from harness.flow.close import TimedStep  # noqa: PLC0415  # only runs that train pay
        from harness.pytest_plugin.found import Trained  # noqa: PLC0415  # as above

        if isinstance(found, Trained):
            self.trained.insert(self._place(node), found)
        elif isinstance(found, TimedStep):
            self.timed.append(found)
        else:
            self.maps.append(found)

    def _place(self, node: str) -> int:
        """Return where among the outcomes so far an item's belongs, in the order of collection."""
        place = self.order.get(node, len(self.order))
        at = bisect_right(self.taken, place)
        self.taken.insert(at, place)
        return at

    def _closed(self) -> "list[Trained]":
        """Return what was trained, with the times of steps that are known."""
        from harness.flow.close import close  # noqa: PLC0415  # as above

        return [replace(each, outcome=close(each.outcome, self.timed)) for each in self.trained]

    def _add(self, found: "Sequence[Found]") -> None:
        """Write down what the next reports will hold, should the run be killed before.

        Steps are timed last, and not for long: their times are not written before the end.
        """
        from harness import report  # noqa: PLC0415  # as above
        from harness.flow.close import TimedStep  # noqa: PLC0415  # as above
        from harness.pytest_plugin.found import Trained  # noqa: PLC0415  # as above

        with self._or_exit():
            for each in found:
                if not isinstance(each, TimedStep):
                    record = each.outcome if isinstance(each, Trained) else each
                    report.add(self.folder, record, self.encoder)

    def _close(self, *, finished: bool) -> None:
        """Write the reports for good; keep a run that left nothing out."""
        from harness.pytest_plugin import record  # noqa: PLC0415  # as above

        self._take_folder()
        files = {node.partition("::")[0] for node in (*self.account.answered, *self.account.failed)}
        state = record.state_of(self.config, files, finished=finished, selection=self.selection)
        known = self._write(state)
        if state == "complete":
            outcomes = [each.outcome for each in self._closed()]
            self.unkept = record.keep(self.config, known, outcomes)

    def _write(self, state: "State" = "unfinished") -> dict[str, str | int]:
        """Write the reports; return what they say that they were made with."""
        from harness import report  # noqa: PLC0415  # as above
        from harness.report.shards import STATE  # noqa: PLC0415  # as above
        from harness.results.revision import revision  # noqa: PLC0415  # as above

        began = time.monotonic()
        self._take_folder()
        if not self.environment:
            self.environment = {**report.environment(), **self._shard()}
            self.revision = revision(self.config.rootpath)
        known = self.environment | self.revision | {STATE: state}
        outcomes = [each.outcome for each in self._closed()]
        with self._or_exit():
            report.write(self.folder, known, outcomes, self.maps, self.encoder)
        self.pace.note(began, time.monotonic())
        return known

    def _take_folder(self) -> None:
        """Take the report folder on xdist's controller; another process has it since it trains."""
        from harness.pytest_plugin.report_folder import take_folder  # noqa: PLC0415  # as above

        take_folder(self.config, self.run)

    @contextmanager
    def _or_exit(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            reason = f"cannot write {error.filename or self.folder}: {error.strerror}"
            message = f"ERROR: --convergence-report-dir: {reason}"
            pytest.exit(message, pytest.ExitCode.USAGE_ERROR)


def _names_files(config: pytest.Config) -> bool:
    """Tell whether the command line names files or items instead of folders of them."""
    if config.args_source is not pytest.Config.ArgsSource.ARGS:
        return False
    folder = config.invocation_params.dir
    return any("::" in each or (folder / each).is_file() for each in config.args)


def _headlines(failed: Sequence[pytest.TestReport]) -> Iterator[tuple[pytest.TestReport, str]]:
    """Yield each failed report with what it says first."""
    for report in failed:
        yield report, str(report.longrepr).partition("\n")[0]
