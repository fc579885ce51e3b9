"""The backend in examples/own_backend is found by its entry point, and trains as `eager` does."""

import sys
import tomllib
from pathlib import Path

import pytest

from harness.backends import Backend, get
from harness.backends.torch.eager import Eager
from harness.probes.suite import make
from tests.backends.small_cases import assert_same_record, case_of, silent

PROJECT = Path(__file__).parents[2] / "examples" / "own_backend"


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Backend:
    """Install the project as pip would: on the path, with its entry points."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = tmp_path / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    [(group, points)] = project["entry-points"].items()
    lines = [f"{name} = {target}" for name, target in points.items()]
    (metadata / "entry_points.txt").write_text("\n".join([f"[{group}]", *lines]))
    named = f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n"
    (metadata / "METADATA").write_text(named)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.syspath_prepend(PROJECT)
    monkeypatch.delitem(sys.modules, "plain_backend", raising=False)
    return get("plain")


@pytest.mark.parametrize(
    ("model", "training"),
    [({}, {"epsilon": 1e-6}), ({"init": "torch"}, {"optimizer": "sgd", "schedule": "cosine"})],
    ids=["keras", "torch"],
)
def test_it_trains_as_eager_does_seed_by_seed(
    plain: Backend, model: dict[str, object], training: dict[str, object]
) -> None:
    case = case_of(None, {"units": (4, 3)} | model, {"epochs": 3} | training)
    assert plain.unsupported(case) is None
    ours, theirs = (each.train(case, [0, 1], "cpu", silent) for each in (plain, Eager()))
    for one, other in zip(ours, theirs, strict=True):
        assert_same_record(one, other, 1e-4)


@pytest.mark.slow
def test_the_probes_find_nothing_against_it(plain: Backend) -> None:
    probes = make(case_of(None, {"units": (4, 3)}), plain, "cpu", "fast", {})
    assert [each.sentence for each in probes if each.status not in ("pass", "skipped")] == []
    assert "reference_steps" in [each.name for each in probes if each.status == "pass"]


@pytest.mark.parametrize(
    "declared",
    [{"training": {"optimizer": "rmsprop"}}, {"model": {"bidirectional": True}}],
    ids=["optimizer", "bidirectional"],
)
def test_it_refuses_what_it_does_not_train(plain: Backend, declared: dict[str, object]) -> None:
    case = case_of(None, declared.get("model"), declared.get("training"))  # type: ignore[arg-type]  # tables
    assert "not written yet" in (plain.unsupported(case) or "")
