"""What a file says of its sequences that cannot be is told by line and field, before training."""

from pathlib import Path

import pytest

from harness.scenario import ScenarioError, load

TAIL = """
[converged]
metric = "{metric}"
at_least = 0.9
[[case]]
name = "a"
expect = "converges"
"""


def told(folder: Path, *lines: str, metric: str = "accuracy") -> str:
    path = folder / "case.toml"
    path.write_text('question = "?"\n[data]\n' + "\n".join(lines) + TAIL.format(metric=metric))
    with pytest.raises(ScenarioError) as raised:
        load(path, "case")
    return str(raised.value)


def test_a_task_with_one_target_a_record_names_those_with_one_at_each_step(tmp_path: Path) -> None:
    message = told(tmp_path, 'task = "mean_sign"', 'targets = "each_step"')
    assert "case.toml:4: data.targets: this task has one target a record" in message
    assert "running_sign, running_mean" in message


@pytest.mark.parametrize("key", ["oversample", "sort_by_label"])
def test_what_needs_one_label_a_record_does_not_fit_targets_at_each_step(
    tmp_path: Path, key: str
) -> None:
    message = told(tmp_path, 'task = "running_sign"', f"{key} = true")
    assert f"case.toml:4: data.{key}: needs one label a record" in message


def test_a_row_of_a_wide_csv_has_one_target(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("a,target\n1,0\n2,1\n")
    message = told(tmp_path, 'file = "x.csv"', "timesteps = 1", 'targets = "each_step"')
    assert "give y [records, timesteps] as NPZ" in message
