"""The pytest face: collects scenario files, trains their cases, and writes the reports.

Imported in every pytest run of an environment that has the harness installed, so it imports what
weighs anything only once a scenario is met.
"""

import argparse
from collections.abc import Generator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from harness.pytest_plugin.collection import ScenarioModule
    from harness.pytest_plugin.run import Run


DEFAULT_REPORTS = Path("reports/latest")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options of a run, and where scenarios lie."""
    group = parser.getgroup("harness", "convergence scenarios")
    group.addoption(
        "--backend", action="append", metavar="NAME", help="train on this backend (repeatable)"
    )
    group.addoption("--device", default="cpu", choices=("cpu", "cuda", "mps"), help="default: cpu")
    group.addoption("--seeds", type=_at_least_one, metavar="N", help="train exactly N seeds a case")
    group.addoption(
        "--workers",
        type=_workers,
        default="auto",
        metavar="N|auto",
        help="processes that train; 1: in this process; auto (default): one a core",
    )
    group.addoption(
        "--executor",
        default="local",
        metavar="NAME[=ADDRESS]",
        help="where seeds are trained: local (default), dask=tcp://host:port, or a plugin's",
    )
    group.addoption(
        "--report-dir",
        type=Path,
        default=DEFAULT_REPORTS,
        metavar="DIR",
        help="where reports are written (default: reports/latest)",
    )
    group.addoption(
        "--resume", action="store_true", help="go on from a killed run's journal in --report-dir"
    )
    group.addoption(
        "--baseline",
        choices=("check", "update", "require", "off"),
        default="check",
        help="accepted results: check (default), update, require them, or off",
    )
    group.addoption(
        "--baseline-reason", metavar="TEXT", help="why an existing baseline changes, for its review"
    )
    group.addoption(
        "--probes",
        choices=("off", "fast", "full"),
        default="fast",
        help="numerical checks before training (default: fast)",
    )
    parser.addini(
        "scenario_paths", "folders in which every TOML file is a scenario", "paths", ["scenarios"]
    )


def _at_least_one(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"must be a whole number from 1, got {text!r}")
    return int(text)


def _workers(text: str) -> int | str:
    return text if text == "auto" else _at_least_one(text)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse what cannot be used before anything else happens."""
    config.addinivalue_line("markers", "scenario(name): a case of a scenario file")
    config.addinivalue_line("markers", "harness_time: times a case's training step")
    if hasattr(config, "workerinput"):  # xdist's controller has checked
        return
    options = config.option
    elsewhere = (options.device, options.executor) != ("cpu", "local")
    asked = options.backend or elsewhere or options.workers not in ("auto", 1)
    if asked or options.report_dir != DEFAULT_REPORTS:
        from harness.pytest_plugin.run import check_options  # noqa: PLC0415  # see above

        check_options(config)
    from harness.pytest_plugin.reporter import Reporter  # noqa: PLC0415  # as above

    config.pluginmanager.register(Reporter(config), "harness-reporter")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> "ScenarioModule | None":
    """Collect a TOML file if it is a scenario, or ought to be one where it lies."""
    if file_path.suffix != ".toml":
        return None
    from harness.pytest_plugin.collection import collect  # noqa: PLC0415  # as above

    return collect(file_path, parent)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Move timing behind all training, so that nothing disturbs it."""
    items.sort(key=lambda item: item.get_closest_marker("harness_time") is not None)


@pytest.fixture(scope="session")
def harness_run(request: pytest.FixtureRequest) -> "Run":
    """What the scenario items of this process share."""
    from harness.pytest_plugin.run import RUN  # noqa: PLC0415  # as above

    return request.config.stash[RUN]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, Any]:
    """Hand what an item found to the process that reports, across xdist's border too."""
    report = yield
    if report.when == "call":
        from harness.pytest_plugin.run import FOUND  # noqa: PLC0415  # as above

        report.harness = item.stash.get(FOUND, None)
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> None:
    """Queue every selected case, so that no worker is ever idle."""
    if not any(item.get_closest_marker("scenario") for item in session.items):
        return
    config = session.config
    goes_on = config.option.continue_on_collection_errors or hasattr(config, "workerinput")
    if config.option.collectonly or (session.testsfailed and not goes_on):
        return
    from harness.pytest_plugin.run import prepare  # noqa: PLC0415  # as above

    prepare(session)
