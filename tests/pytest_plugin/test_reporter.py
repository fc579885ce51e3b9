"""What finishes between two writings of the reports is written down at once."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from harness.pytest_plugin.found import Trained
from harness.pytest_plugin.reporter import Reporter
from harness.report import read
from tests.canned import outcome


def test_a_case_that_finishes_before_the_next_writing_can_be_read(
    pytester: pytest.Pytester,
) -> None:
    config = pytester.parseconfigure("--convergence-report-dir=reports")
    reporter = Reporter(config)
    for case in ("first", "second"):
        found = [Trained(outcome(case=case), Path("scenario.toml"))]
        report: Any = SimpleNamespace(convergence=found, nodeid=case, skipped=False, failed=False)
        reporter.pytest_runtest_logreport(report)
    assert [each.case for each in read(reporter.folder)[1]] == ["first", "second"]
