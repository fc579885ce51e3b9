"""Whether the options of a run can be used, before anything is trained."""

from collections.abc import Sequence

import pytest

from harness import backends, report
from harness.baseline import BaselineError, load, unwritable
from harness.execution import executors
from harness.flow.gate import baseline_paths
from harness.flow.trial import Trial
from harness.pytest_plugin.options import backend_names
from harness.scenario.sections import MOST_SEEDS

DEFAULT = (["eager"], "cpu")
"""Always there: a suite of own training only need not import PyTorch to learn that."""


def check_options(config: pytest.Config) -> None:
    """Check backends, device and executor.

    Raises:
        pytest.UsageError: if one of them cannot be used.
    """
    if config.getoption("convergence_quick") and config.getoption("convergence_seeds"):
        raise pytest.UsageError(
            "--convergence-quick chooses the seeds itself: leave out --convergence-seeds"
        )
    if config.getoption("convergence_exact") and config.getoption("convergence_baseline") == "off":
        raise pytest.UsageError(
            "--convergence-exact compares with what was accepted: leave out "
            "--convergence-baseline=off"
        )
    if (config.getoption("convergence_seeds") or 0) > MOST_SEEDS:
        raise pytest.UsageError(f"--convergence-seeds: at most {MOST_SEEDS} can be trained")
    device = config.getoption("convergence_device")
    names = backend_names(config)
    try:
        for name in names:
            backends.check(name)
        executors.check(config.getoption("convergence_executor"))
    except (backends.BackendError, executors.ExecutorError) as error:
        raise pytest.UsageError(str(error)) from None
    if config.option.collectonly:  # nothing will be trained: PyTorch need not be imported
        return
    _check_xdist(config)
    for name in names if (names, device) != DEFAULT else []:
        try:
            reason = backends.get(name).unavailable(device)
        except backends.BackendError as error:
            raise pytest.UsageError(str(error)) from None
        if reason is not None:
            raise pytest.UsageError(f"backend {name}: {reason}")


def _check_xdist(config: pytest.Config) -> None:
    if getattr(config.option, "dist", "no") == "no":
        return
    for option, same in (("executor", ("local",)), ("workers", ("auto", 1))):
        if (chosen := config.getoption(f"convergence_{option}")) not in same:
            raise pytest.UsageError(
                f"--convergence-{option} {chosen} cannot be used under xdist, whose workers "
                "train in their own process: leave out -n"
            )
    check_reports(config)  # its controller, which writes them, prepares nothing


def check_reports(config: pytest.Config) -> None:
    """Check the report folder, and create it.

    Raises:
        pytest.UsageError: if nothing can be written there.
    """
    reason = report.check_writable(config.getoption("convergence_report_dir"))
    if reason is not None:
        raise pytest.UsageError(f"--convergence-report-dir: {reason}")


def check_baselines(config: pytest.Config, trials: Sequence[Trial]) -> None:
    """Ask why, before anything is trained, where an accepted baseline is about to change.

    A damaged one is refused then too: it is left for a person to judge. So is a folder that
    nothing can be written to.

    Raises:
        pytest.UsageError: with what stands in the way.
    """
    if config.getoption("convergence_baseline") != "update":
        return
    wanted = baseline_paths([(trial.work, trial.scenario.path) for trial in trials])
    for path in wanted:
        if (reason := unwritable(path)) is not None:
            raise pytest.UsageError(f"--convergence-baseline=update: {reason}")
    paths = [path for path in wanted if path.exists()]
    try:
        for path in paths:
            load(path)
    except BaselineError as error:
        raise pytest.UsageError(str(error)) from None
    if paths and not (config.getoption("convergence_reason") or "").strip():
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        raise pytest.UsageError(
            f"--convergence-baseline=update may change {paths[0]}{others}: "
            "say why with --convergence-reason"
        )
