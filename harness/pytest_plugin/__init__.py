"""The pytest face: collects scenario files, trains their cases, and writes the reports.

Imported in every pytest run of an environment that has the harness installed, so it imports what
weighs anything only once a scenario is met.
"""

import sys
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from harness.pytest_plugin import discovery, options

if TYPE_CHECKING:
    from harness.pytest_plugin.collection import ScenarioModule
    from harness.pytest_plugin.fixture import Convergence
    from harness.pytest_plugin.run import Run


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of a run, and where scenarios lie."""
    options.declare(parser)
    discovery.declare(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Settle the options, and refuse what cannot be used before anything else happens."""
    asked = options.resolve(config)
    config.addinivalue_line("markers", "convergence(name): a case of a scenario file")
    config.addinivalue_line("markers", "convergence_time: times a case's training step")
    if hasattr(config, "workerinput"):  # xdist's controller has checked
        return
    if asked:  # what an ini file says is checked once a scenario is about to be trained
        from harness.pytest_plugin.checks import check_options  # noqa: PLC0415  # see above

        check_options(config)
    from harness.pytest_plugin.reporter import Reporter  # noqa: PLC0415  # as above

    config.pluginmanager.register(Reporter(config), "convergence-reporter")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioModule | None":
    """Collect a TOML file if it is a scenario, or has to be one where it lies."""
    if file_path.suffix != ".toml":
        return None
    required = discovery.must_be_scenario(file_path, parent.session)
    if not required and not discovery.looks_like_scenario(file_path):
        return None
    from harness.pytest_plugin.collection import ScenarioModule, is_valid  # noqa: PLC0415  # as above

    if not required and not is_valid(file_path, parent.config):
        return None
    return ScenarioModule.from_parent(parent, path=file_path)


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Name broken files that only look like scenarios, and what may not be meant in others."""
    notes, sharded = config.stash.get(discovery.NOTES, {}), config.stash.get(discovery.SHARDED, [])
    return [*config.stash.get(discovery.LEFT_OUT, []), *notes, *sharded]


@pytest.hookimpl(trylast=True)  # once -k, -m and others have selected
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave to other shards what they train; move timing behind all training."""
    if config.getoption("convergence_shard") is not None:
        from harness.pytest_plugin.sharding import shard  # noqa: PLC0415  # as above

        config.stash[discovery.SHARDED] = shard(config, items)
    items.sort(key=lambda item: item.get_closest_marker("convergence_time") is not None)


def _is_scenario_item(item: pytest.Item) -> bool:
    """Tell by our fixture: marks of that name may be others' too."""
    return "convergence_run" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def convergence_run(request: pytest.FixtureRequest) -> "Run":
    """What the scenario items of this process share."""
    from harness.pytest_plugin.stash import RUN  # noqa: PLC0415  # as above

    return request.config.stash[RUN]


@pytest.fixture
def convergence(request: pytest.FixtureRequest) -> "Convergence":
    """Check that training converges: see `harness.pytest_plugin.fixture.Convergence.check`."""
    from harness.pytest_plugin.fixture import Convergence  # noqa: PLC0415  # as above

    return Convergence(request.node)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Hand what an item found to whatever reports it."""
    report = yield
    if report.when == "call" and "harness.pytest_plugin.run" in sys.modules:
        from harness.pytest_plugin.stash import FOUND  # noqa: PLC0415  # as above

        report.convergence = item.stash.get(FOUND, [])
        item.stash[FOUND] = []  # a subtest has a report of its own, before the test's
    return report


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable(
    report: pytest.CollectReport | pytest.TestReport,
) -> Generator[None, Any, Any]:
    """Write what an item found down for another process."""
    data = yield
    if found := getattr(report, "convergence", []):
        from harness.pytest_plugin.found import to_wire  # noqa: PLC0415  # as above

        data["convergence"] = [to_wire(each) for each in found]
    return data


@pytest.hookimpl(wrapper=True)
def pytest_report_from_serializable(data: dict[str, Any]) -> Generator[None, Any, Any]:
    """Read what an item found in another process."""
    report = yield
    if data.get("convergence"):
        from harness.pytest_plugin.found import from_wire  # noqa: PLC0415  # as above

        report.convergence = [from_wire(each) for each in data["convergence"]]
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Queue every selected case, so that no worker is ever idle."""
    if not any(_is_scenario_item(item) for item in session.items):
        return
    config = session.config
    goes_on = config.option.continue_on_collection_errors or hasattr(config, "workerinput")
    if config.option.collectonly or (session.testsfailed and not goes_on):
        return
    from harness.pytest_plugin.preparation import prepare  # noqa: PLC0415  # as above

    prepare(session)
