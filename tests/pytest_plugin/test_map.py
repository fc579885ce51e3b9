"""A sweep as a user's pytest run meets it."""

import json
from typing import Any

import pytest

from tests.pytest_plugin.runner import Runner

SWEEP = """
[[sweep]]
name = "rate"
seeds = 2
training.epochs = 6
training.learning_rate = {from = 1e-9, to = 0.1, points = 2, spacing = "log"}
"""


def maps(runner: Runner) -> list[dict[str, Any]]:
    text = (runner.pytester.path / "reports/latest/results.json").read_text()
    found: list[dict[str, Any]] = json.loads(text)["maps"]
    return found


def test_a_map_is_drawn_on_each_backend_and_tells_the_same(runner: Runner) -> None:
    runner.scenario(runner.quick + SWEEP)
    result = runner(
        "scenarios", "-k", "map", "--convergence-backend=ensemble", "--convergence-backend=eager"
    )
    result.assert_outcomes(passed=2)
    batched, eager = maps(runner)
    assert (batched["backend"], eager["backend"]) == ("ensemble", "eager")
    assert [point["converged"] for point in eager["points"]] == [0, 2]
    told = [[point["epochs_to_converge"] for point in each["points"]] for each in (batched, eager)]
    assert told[0] == told[1]
    result.stdout.fnmatch_lines(["quick/rate on eager cpu: all 2 seeds converge at 1 of 2 points*"])


def test_a_map_has_a_node_of_its_own_where_a_sweep_is_declared(runner: Runner) -> None:
    runner.scenario(runner.quick + SWEEP)
    runner.scenario(name="plain")
    result = runner("--collect-only", "-q", "scenarios")
    found = [line for line in result.outlines if "::map" in line]
    assert found == ["scenarios/quick.toml::map[rate]"]


def test_a_crash_is_the_map_s_error_and_what_a_backend_cannot_train_is_skipped(
    runner: Runner,
) -> None:
    runner.pytester.makepyfile(models="def net(features, outputs):\n    raise ValueError('no')\n")
    runner.pytester.syspathinsert()
    runner.scenario(runner.quick + SWEEP + 'model.factory = "models:net"\n')
    result = runner(
        "scenarios",
        "-k",
        "map",
        "--convergence-backend=ensemble",
        "--convergence-backend=eager",
        "-rs",
    )
    result.assert_outcomes(skipped=1, failed=1)
    result.stdout.fnmatch_lines(["*a user's own module cannot be batched*"])
    result.stdout.fnmatch_lines(["*quick/rate: error: seed 0 raised ValueError: no*"])
    assert [found["crashed"] for found in maps(runner)] == ["seed 0 raised ValueError: no"]


def test_resuming_trains_only_what_the_journal_lacks(runner: Runner) -> None:
    runner.scenario(runner.quick + SWEEP)
    arguments = (
        "scenarios/quick.toml::map[rate]",
        "--convergence-backend=ensemble",
        "--convergence-resume",
        "--convergence-seeds=3",
    )
    runner(*arguments).assert_outcomes(passed=1)
    assert runner.cases() == []
    [first] = maps(runner)
    assert [point["seeds"] for point in first["points"]] == [3, 3]
    [journal] = (runner.pytester.path / "reports/latest").glob("journal*.jsonl")
    lines = [line for line in journal.read_text().splitlines() if line]
    assert len(lines) == 6
    journal.write_text("\n".join(lines[:4]) + "\n")
    runner(*arguments).assert_outcomes(passed=1)
    after = [line for line in journal.read_text().splitlines() if line]
    assert (after[:4], len(after)) == (lines[:4], 6)
    assert maps(runner)[0]["points"] == first["points"]


def test_a_map_that_a_stopped_run_did_not_draw_is_in_every_report_and_is_drawn_on_resuming(
    runner: Runner,
) -> None:
    stopping = runner.quick.replace('expect = "fails"', 'expect = "converges"') + SWEEP
    runner.scenario(stopping.replace('diagnosis = "learning_rate_too_low"\n', ""))
    arguments = ("scenarios", "-ktrain or map", "--convergence-probes=off", "-x")
    result = runner(*arguments, "--convergence-seeds=3")
    [missing] = maps(runner)
    assert missing["crashed"] == "not run: stopping after 1 failures"
    assert (missing["id"], missing["points"], missing["seeds"]) == ("quick/rate", [], 0)
    result.stdout.fnmatch_lines(["quick/rate: error: not run: stopping after 1 failures"])
    for kind in ("md", "html"):
        text = (runner.pytester.path / f"reports/latest/convergence.{kind}").read_text("utf-8")
        assert "error: not run: stopping after 1 failures" in text
    runner("scenarios", "-kmap", "--convergence-resume").assert_outcomes(passed=1)
    assert [len(found["points"]) for found in maps(runner)] == [2]


@pytest.mark.slow
def test_a_map_whose_xdist_worker_crashes_is_in_the_report(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(runner.pytester.path))
    runner.pytester.makepyfile(models="import os\n\ndef net(features, outputs):\n    os._exit(0)\n")
    runner.scenario(runner.quick + SWEEP + 'model.factory = "models:net"\n')
    runner.alone("scenarios", "-kmap", "-n1", "-Wignore", workers="auto")
    [missing] = maps(runner)
    assert "crashed while running" in missing["crashed"]
