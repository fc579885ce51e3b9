"""More seeds than anybody trains are refused with the number, before one of them is listed."""

from pathlib import Path

import pytest

from harness.scenario import ScenarioError, load
from harness.scenario.own_mistakes import mistakes
from tests.pytest_plugin.runner import QUICK, Runner

SWEEP = """
[[sweep]]
name = "map"
training.optimizer = "sgd"
seeds = {seeds}
training.learning_rate = { from = 1e-4, to = 1.0, points = 100, spacing = "log" }
training.momentum = { from = 0.01, to = 0.9, points = 100, spacing = "linear" }
"""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (QUICK + "seeds.min = 100000000\nseeds.max = 100000000\n", "seeds.min: * 10000"),
        (QUICK + "seeds.max = 100000000\n", "seeds.max: * 10000"),
        (QUICK + SWEEP.replace("{seeds}", "10001"), "seeds: * 10000"),
        (QUICK + SWEEP.replace("{seeds}", "11"), "seeds: asks for 110,000 trainings in all"),
    ],
)
def test_too_many_seeds_are_refused_at_load(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "many.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ScenarioError) as refused:
        load(path, "many")
    for part in message.split("*"):
        assert part in str(refused.value)


def test_too_many_seeds_on_the_command_line_are_refused(pytester: pytest.Pytester) -> None:
    runner = Runner(pytester)
    runner.scenario()
    result = runner("scenarios", "--convergence-seeds=100000000")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--convergence-seeds: at most 10000 can be trained"])


def test_too_many_seeds_of_own_training_are_refused() -> None:
    claim = {
        "at_least": {"accuracy": 0.9},
        "at_most": None,
        "mean_at_least": None,
        "mean_at_most": None,
        "hold": 1,
        "budget": None,
        "expect": "converges",
        "rate": 0.9,
        "seeds": 12,
        "most_seeds": 10**8,
        "margin": 0.1,
        "pairing": "seed",
        "direction": "two-sided",
        "train": iter,
    }
    assert mistakes(claim) == ["most_seeds must be at most 10000, got 100000000"]
