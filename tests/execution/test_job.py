from pathlib import Path

import numpy as np
import pytest

from harness.backends.source import source_of
from harness.execution import job
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
    monkeypatch.setattr(job, "versions", lambda: ("torch 0.1",))
    keys.append(key_of(case))
    assert len(set(keys)) == len(keys)


def test_the_key_changes_with_the_source_of_a_users_model(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    module = tmp_path / "edited_model.py"
    own = case.model.model_copy(update={"factory": "edited_model:Net"})
    keys = set()
    for text in ("Net = 1", "Net = 2", "Net = 2"):
        module.write_text(text, encoding="utf-8")
        source_of.cache_clear()
        keys.add(key_of(case.model_copy(update={"model": own})))
    assert len(keys) == 2


def test_the_key_changes_with_the_harness_source(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = key_of(case)
    monkeypatch.setattr(job, "source_of", lambda module: f"other {module}")
    assert key_of(case) != before


def test_the_key_changes_with_a_data_file_which_is_read_once_for_all_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "data.npz"
    (tmp_path / "own.toml").write_text(
        'question = "?"\n[data]\nfile = "data.npz"\n[converged]\nat_least = 0.9\n'
        '[[case]]\nname = "a"\nexpect = "converges"\n',
        encoding="utf-8",
    )
    keys: set[str] = set()
    reads: list[Path] = []
    read = Path.read_bytes

    def counted(path: Path) -> bytes:
        reads.append(path)
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", counted)
    for value in (0.0, 1.0):
        np.savez(data, x=np.full((8, 3, 1), value), y=np.arange(8) % 2)
        work = Work(load(tmp_path / "own.toml", "own").cases[0], "eager", "cpu")
        reads.clear()
        keys |= {member.key for member in work.members(range(20)) for _ in range(3)}
        assert reads.count(data) == 1
    assert len(keys) == 40
