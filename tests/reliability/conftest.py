"""One line of figures for each promise, printed when its tests are over."""

from collections.abc import Callable

import pytest
from tabulate import tabulate

from tests.pytest_plugin.runner import Runner

FIGURES = pytest.StashKey[dict[str, list[str]]]()
Figure = Callable[[str, str], None]


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Figure:
    """Return what notes a result under the promise that it belongs to."""
    found = request.config.stash.setdefault(FIGURES, {})
    return lambda promise, result: found.setdefault(promise, []).append(result)


@pytest.fixture
def runner(pytester: pytest.Pytester) -> Runner:
    return Runner(pytester)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table of docs/reliability.md; results that repeat are counted."""
    found = terminalreporter.config.stash.get(FIGURES, {})
    if found:
        terminalreporter.section("reliability")
        rows = [(promise, _told(results)) for promise, results in found.items()]
        table = tabulate(rows, ("tried", "result"), tablefmt="github")
        terminalreporter.write_line(table)


def _told(results: list[str]) -> str:
    counts = {each: results.count(each) for each in results}
    return "; ".join(f"{n} {each}" if n > 1 else each for each, n in counts.items())
