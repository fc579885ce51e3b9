"""A claim about a mean over seeds says nothing that it cannot mean."""

from pathlib import Path

import pytest

from harness.scenario import ScenarioError, load
from harness.scenario.criterion import Criterion

BUILT = """question = "Does it?"
[data]
task = "first_value"
records = 64
"""
OWN = """question = "Does it?"
[train]
command = ["train", "{seed}"]
"""
CLAIM = """[converged]
metric = "loss"
mean_at_most = 0.5
"""
CASE = """[[case]]
name = "mean"
expect = "converges"
"""


@pytest.mark.parametrize("text", [BUILT, OWN])
def test_a_mean_is_claimed_of_a_built_model_and_of_own_training(tmp_path: Path, text: str) -> None:
    (tmp_path / "mean.toml").write_text(text + CLAIM + CASE, encoding="utf-8")
    (case,) = load(tmp_path / "mean.toml", "mean").claims
    assert str(Criterion.of(case.converged)).endswith("loss <= 0.5")


@pytest.mark.parametrize("text", [BUILT, OWN])
@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("0.5", "0.5\nhold = 2"), "says nothing of a mean at the end of the budget"),
        (("converges", "fails"), 'must be "converges" of a mean: claim the opposite bound'),
        (("0.5", "0.5\nat_most = 0.5"), "give exactly one of at_least, at_most, mean_at_least"),
    ],
)
def test_what_a_mean_cannot_say_is_refused(
    tmp_path: Path, text: str, change: tuple[str, str], told: str
) -> None:
    changed = (CLAIM + CASE).replace(*change)
    (tmp_path / "mean.toml").write_text(text + changed, encoding="utf-8")
    with pytest.raises(ScenarioError, match=told):
        load(tmp_path / "mean.toml", "mean")


def test_a_case_that_claims_a_mean_drops_the_files_bound_of_a_seed(tmp_path: Path) -> None:
    shared = CLAIM.replace("mean_at_most", "at_most")
    (tmp_path / "m.toml").write_text(
        BUILT + shared + CASE + "converged.mean_at_least = 0.1\n", encoding="utf-8"
    )
    (case,) = load(tmp_path / "m.toml", "m").claims
    assert str(Criterion.of(case.converged)) == "mean train loss >= 0.1"
