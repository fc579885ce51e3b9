"""The examples pass as they are, and a regression planted in each is caught: from a wheel."""

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]

PLANTED = {
    "numpy_trainer": ("trainer.py", "RATE = 0.05", "RATE = 0.0475"),
    "character_model": ("model.py", "DROPOUT = 0.1", "DROPOUT = 0.2"),
    "lightning_module": ("module.py", "DROP_LAST = False", "DROP_LAST = True"),
    "two_processes": ("train.py", "RATE = 0.05", "RATE = 0.0475"),
}
NEEDS = {"lightning_module": "lightning"}


def run(project: Path, wheel: Path) -> dict[str, Any]:
    """Run a project's tests; return what became of its only case."""
    environment = os.environ | {"PYTHONPATH": str(wheel), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "pytest", "-q", "--convergence-baseline=require"]
    subprocess.run(command, cwd=project, env=environment, check=False, timeout=900)
    text = (project / "reports/latest/results.json").read_text(encoding="utf-8")
    (case,) = json.loads(text)["cases"]
    found: dict[str, Any] = case
    return found


@pytest.mark.slow
@pytest.mark.parametrize("name", list(PLANTED))
def test_an_example_passes_and_its_planted_regression_is_caught(
    name: str, tmp_path: Path, wheel: Path
) -> None:
    if name in NEEDS and find_spec(NEEDS[name]) is None:
        pytest.skip(f"{NEEDS[name]}, an extra, is not installed")
    project = tmp_path / name
    shutil.copytree(ROOT / "examples" / name, project)
    assert run(project, wheel)["outcome"] == "pass"
    file, healthy, broken = PLANTED[name]
    source = (project / file).read_text(encoding="utf-8")
    assert healthy in source
    (project / file).write_text(source.replace(healthy, broken), encoding="utf-8")
    caught = run(project, wheel)
    assert (caught["outcome"], caught["baseline"]["status"]) == ("fail", "slower")
    assert "baseline slower: " in caught["sentence"]
