from pathlib import Path

import numpy as np
import pytest

from harness.execution import environment
from harness.execution.job import Work
from harness.scenario import Case, load
from tests.pytest_plugin.runner import QUICK


@pytest.fixture
def case(tmp_path: Path) -> Case:
    (tmp_path / "quick.toml").write_text(QUICK, encoding="utf-8")
    return load(tmp_path / "quick.toml", "quick").cases[0]


def key_of(case: Case, seed: int = 0, backend: str = "eager", device: str = "cpu") -> str:
    return Work(case, backend, device).members([seed])[0].key


def test_the_key_changes_with_all_that_decides_a_result(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    faster = case.training.model_copy(update={"learning_rate": 0.5})
    keys = [
        key_of(case),
        key_of(case, seed=1),
        key_of(case, backend="ensemble"),
        key_of(case, device="cuda"),
        key_of(case.model_copy(update={"training": faster})),
    ]
    monkeypatch.setattr(environment, "versions", lambda: ("torch 0.1",))
    keys.append(key_of(case))
    assert len(set(keys)) == len(keys)


def test_the_key_changes_with_the_source_of_a_users_model_and_of_what_it_imports(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    own = case.model.model_copy(update={"factory": "edited_model:Net"})
    keys = set()
    for number, (model, layer) in enumerate([("Net = 1", "a"), ("Net = 2", "a"), ("Net = 2", "b")]):
        monkeypatch.syspath_prepend(folder := tmp_path / str(number))
        folder.mkdir()
        (folder / "edited_model.py").write_text(f"import edited_layer\n{model}", encoding="utf-8")
        (folder / "edited_layer.py").write_text(f"x = {layer!r}", encoding="utf-8")
        keys.add(key_of(case.model_copy(update={"model": own})))
    assert len(keys) == 3


def test_the_key_changes_with_the_harness_source(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_of(case)
    monkeypatch.setattr(environment, "LOADED", "other")
    assert key_of(case) != before


def test_the_key_changes_with_a_data_file_which_is_not_read_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data.npz"
    (tmp_path / "own.toml").write_text(
        'question = "?"\n[data]\nfile = "data.npz"\n[converged]\nat_least = 0.9\n'
        '[[case]]\nname = "a"\nexpect = "converges"\n',
        encoding="utf-8",
    )
    keys: set[str] = set()
    for value in (0.0, 1.0):
        np.savez(data, x=np.full((8, 3, 1), value), y=np.arange(8) % 2)
        work = Work(load(tmp_path / "own.toml", "own").cases[0], "eager", "cpu")
        data.unlink()
        keys |= {member.key for member in work.members(range(20)) for _ in range(3)}
    assert len(keys) == 40
