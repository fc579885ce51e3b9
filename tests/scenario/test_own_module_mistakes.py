"""Keys of a model that is built from the file have no use beside a module of one's own."""

from pathlib import Path

import pytest

from harness.scenario import Scenario, ScenarioError, load

LAYERS = {
    "kind": '"gru"',
    "units": "[7]",
    "bidirectional": "true",
    "projection": "3",
    "bias": "false",
    "init": '"torch"',
    "init_scale": "2.0",
    "forget_bias": "1.0",
    "dropout": "0.2",
    "gate_activation": '"relu"',
    "cell_activation": '"relu"',
}
FACTORY = 'factory = "mine:Net"'


def scenario(folder: Path, model: str, *of_case: str) -> Scenario:
    path = folder / "case.toml"
    path.write_text(
        f'question = "?"\n[model]\n{model}\n[data]\ntask = "first_value"\n'
        '[converged]\nmetric = "accuracy"\nat_least = 0.9\n'
        '[[case]]\nname = "a"\nexpect = "converges"\n' + "\n".join(of_case)
    )
    return load(path, "case")


@pytest.mark.parametrize("key", LAYERS)
def test_a_key_beside_the_factory_is_told(tmp_path: Path, key: str) -> None:
    with pytest.raises(ScenarioError) as raised:
        scenario(tmp_path, f"{FACTORY}\n{key} = {LAYERS[key]}")
    line = f"case.toml:4: model.{key}: is of the model that is built from the file; yours has its"
    assert line in str(raised.value)
    assert len(raised.value.problems) == 1


def test_a_key_laid_over_a_shared_factory_is_told_in_the_case(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"toml:12: case\[0\].model.dropout: is of the model"):
        scenario(tmp_path, FACTORY, "model.dropout = 0.2")


def test_a_factory_replaces_the_layers_that_other_cases_share(tmp_path: Path) -> None:
    made = scenario(tmp_path, "units = [7]\ndropout = 0.2", f"model.{FACTORY}")
    assert made.cases[0].factory == "mine:Net"


def test_a_key_at_its_default_may_stand_there(tmp_path: Path) -> None:
    assert scenario(tmp_path, f"{FACTORY}\nunits = [15]\ndropout = 0.0").cases


def test_arguments_of_no_factory_are_told(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"case.toml:3: model.arguments: are handed to model"):
        scenario(tmp_path, "arguments = { width = 3 }")
