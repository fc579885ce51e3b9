"""Writes what a run with `--convergence-baseline=update` found to be accepted, once it is over."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.baseline import BaselineError, Orphan, orphans, path_of, record, remove, save
from harness.pytest_plugin.found import Trained
from harness.results.outcome import Outcome
from harness.scenario import Scenario, ScenarioError, load
from harness.scenario.scenario_files import files_below, name_of


def accept(
    found: Sequence[Trained], reason: str, environment: Mapping[str, str | int]
) -> tuple[list[str], list[str]]:
    """Write the baselines of all cases that passed.

    Returns:
        A line for each file that was dealt with, and one for each that could not be written.
    """
    groups: dict[Path, list[Outcome]] = defaultdict(list)
    for each in found:
        outcome = each.outcome
        groups[path_of(each.scenario, outcome.backend, outcome.device)].append(outcome)
    lines, errors = [], []
    for path, outcomes in sorted(groups.items()):
        passed = [outcome for outcome in outcomes if outcome.outcome == "pass"]
        if not passed:
            lines.append(f"{path}: not written, no case passed")
            continue
        try:
            save(path, record(passed, reason, environment))
        except BaselineError as error:
            errors.append(f"ERROR: {error}")
            continue
        left = len(outcomes) - len(passed)
        failed = f"; {left} that did not pass left as they were" if left else ""
        lines.append(f"{path}: accepted {len(passed)} case{'s' * (len(passed) > 1)}{failed}")
    return lines, errors


def gone(roots: Sequence[Path]) -> list[Orphan]:
    """Return the baselines below the scenario folders whose scenario or case is gone."""
    found: list[Orphan] = []
    for root in roots:
        scenarios: list[Scenario] = []
        for path in files_below(root):
            try:
                scenarios.append(load(path, name_of(path, [root])))
            except ScenarioError:  # a broken file is reported where it is collected
                continue
        found += orphans(scenarios, root)
    return found


def clear(roots: Sequence[Path]) -> list[str]:
    """Delete orphaned baselines; return a line for each.

    Raises:
        BaselineError: if one cannot be deleted.
    """
    found = gone(roots)
    remove(found)
    return [f"{orphan}: removed" for orphan in found]
