"""`--convergence-shard K/N`: of the selected items that train, those that this machine trains."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from harness import report
from harness.baseline import Baseline, BaselineError, load, path_of
from harness.execution.job import Work
from harness.execution.shards import divided, effort, known_or_estimated
from harness.flow.sweep_trial import SweepTrial
from harness.flow.trial import Trial
from harness.pytest_plugin.functions import PARAMETER
from harness.pytest_plugin.shard import DIVISION, Division, Shard

FIXTURE = "convergence"
"""Of tests whose training is known once they run only."""


def shard(config: pytest.Config, items: list[pytest.Item]) -> list[str]:
    """Deselect what another shard trains; items that train nothing stay.

    Returns:
        What to say of it.
    """
    asked: Shard = config.getoption("convergence_shard")
    lines: list[str] = []
    training = [item for item in items if _trains(item)]
    units = list(dict.fromkeys(map(_unit, training)))
    shares = divided(_seconds(config, training, units, lines), asked.of)
    mine = set(shares[asked.number - 1])
    plan = "\n".join("\0".join(share) for share in shares)
    digest = hashlib.sha256(plan.encode()).hexdigest()[:8]
    config.stash[DIVISION] = Division(digest, len(units), len(mine))
    left_out = {id(item) for item in training if _unit(item) not in mine}
    config.hook.pytest_deselected(items=[item for item in items if id(item) in left_out])
    items[:] = [item for item in items if id(item) not in left_out]
    return [f"convergence: shard {asked}: {len(mine)} of {len(units)} that train", *lines]


def _trains(item: pytest.Item) -> bool:
    return _trial(item) is not None or FIXTURE in getattr(item, "fixturenames", ())


def _trial(item: pytest.Item) -> Trial | SweepTrial | None:
    trial = getattr(item, "callspec", None) and item.callspec.params.get(PARAMETER)  # type: ignore[attr-defined]  # a Function's
    return trial if isinstance(trial, Trial | SweepTrial) else None


def _unit(item: pytest.Item) -> str:
    """Return what names the piece of work: a step is timed where its case is trained."""
    return item.nodeid.replace(".toml::time[", ".toml::train[")


def _seconds(
    config: pytest.Config, items: Sequence[pytest.Item], units: Sequence[str], lines: list[str]
) -> dict[str, float]:
    """Return how long each piece takes: measured, or estimated by what was accepted or declared."""
    baselines: dict[Path, Baseline | None] = {}
    trials = {_unit(item): _trial(item) for item in items}
    estimates = {unit: _estimate(trials[unit], baselines) for unit in units}
    folder: Path | None = config.getoption("convergence_shard_by")
    measured: dict[str, float] = {}
    if folder is not None:
        try:
            _, outcomes = report.read(folder)
        except report.ReportError as error:
            lines.append(f"convergence: shards are divided by estimates: {error}")
        else:
            for each in outcomes:
                measured[each.node] = measured.get(each.node, 0.0) + each.seconds
    return known_or_estimated(measured, estimates)


def _estimate(
    trial: Trial | SweepTrial | None, baselines: dict[Path, Baseline | None]
) -> float | None:
    if isinstance(trial, SweepTrial):
        points = [effort(work.case) or 0.0 for work in trial.works]
        return sum(points) or None
    return effort(trial.work.case, _accepted_epochs(trial, baselines)) if trial else None


def _accepted_epochs(trial: Trial, baselines: dict[Path, Baseline | None]) -> list[int]:
    work: Work = trial.work
    path = path_of(trial.scenario.path, work.backend, work.device)
    if path not in baselines:
        try:
            baselines[path] = load(path) if path.exists() else None
        except BaselineError:  # which is told where it is compared
            baselines[path] = None
    found = baselines[path]
    accepted = found.cases.get(work.case.name) if found else None
    return [seed.epochs for seed in accepted.seeds] if accepted else []
