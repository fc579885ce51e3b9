"""Which selected items were answered for: a case of which nothing became is told as such."""

import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from harness.pytest_plugin.stash import SELECTED

if TYPE_CHECKING:
    from harness.pytest_plugin.found import Trained
    from harness.results.sweep_outcome import TrainabilityMap

NOTHING_REPORTED = "pytest reported nothing of it"


class Account:
    """Keeps count of items in the process that reports.

    Attributes:
        answered: ids of items that found something, or were skipped.
        failed: why others failed, by their ids: a fixture raised, or their xdist worker crashed.
        stopped: why the run ended before all items were run; empty unless it did.
    """

    def __init__(self) -> None:
        self.answered: set[str] = set()
        self.failed: dict[str, str] = {}
        self.stopped = ""

    def note(self, report: pytest.TestReport) -> None:
        """Take a report of an item."""
        if getattr(report, "convergence", None) or report.skipped:
            self.answered.add(report.nodeid)
        elif report.failed:
            self.failed[report.nodeid] = _first_line(report)

    def stop(self, error: BaseException) -> None:
        """Note what ends the run."""
        if isinstance(error, pytest.exit.Exception):
            self.stopped = str(error.msg)
        elif isinstance(error, KeyboardInterrupt):
            self.stopped = "the run was interrupted"
        else:
            self.stopped = f"an internal error of pytest or a plugin: {type(error).__name__}"

    def not_judged(
        self, session: pytest.Session, ids: "list[str]"
    ) -> "Iterator[tuple[str, Trained | TrainabilityMap]]":
        """Yield a record, with the item's id, of each selected case and map that has none.

        Args:
            session: the one that ends.
            ids: of all items, where xdist's workers ran them; empty where this process did.
        """
        from harness.pytest_plugin.found import Trained  # noqa: PLC0415  # only runs that train pay
        from harness.pytest_plugin.selected import trials_of_ids  # noqa: PLC0415  # as above
        from harness.results.sweep_outcome import TrainabilityMap  # noqa: PLC0415  # as above

        left = [node for node in ids if trains(node) and node not in self.answered]
        selected = session.config.stash.get(SELECTED, None) or trials_of_ids(left, session.config)
        self.stopped = self.stopped or str(session.shouldfail or session.shouldstop or "")
        not_run = f"not run: {self.stopped or NOTHING_REPORTED}"
        for node, trial in selected.items():
            if node not in self.answered:
                record = trial.not_judged(self.failed.get(node, not_run))
                if isinstance(record, TrainabilityMap):
                    yield node, record
                else:
                    yield node, Trained(replace(record, node=node), trial.scenario.path)

    def resumption(self, config: pytest.Config) -> str:
        """Say how to go on; empty where the run was not stopped."""
        if not self.stopped:
            return ""
        given = [str(each) for each in config.invocation_params.args]
        option = "--convergence-resume"
        command = shlex.join(["pytest", *given, *([] if option in given else [option])])
        return f"not finished: {self.stopped}; finished seeds are kept, go on with: {command}"


def trains(node: str) -> bool:
    """Tell by its id whether an item trains a case or a map of a scenario file."""
    return ".toml::train[" in node or ".toml::map[" in node


def _first_line(report: pytest.TestReport) -> str:
    """Return what a report says first; of a worker that crashed xdist says it in one line."""
    crash = getattr(report.longrepr, "reprcrash", None)
    told = crash.message if crash else report.longrepr
    first = str(told).strip().partition("\n")[0]
    return f"{report.when} failed: {first}" if report.when in ("setup", "teardown") else first
