"""Imports run downward only, every module has its layer, and collecting tests stays light."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def test_imports_run_downward_only_every_module_has_its_layer_and_torch_its_places() -> None:
    # in a process of its own: it switches off the loggers of everybody else
    command = (
        "from importlinter.cli import lint_imports as lint; raise SystemExit(lint(no_cache=True))"
    )
    found = subprocess.run(
        [sys.executable, "-c", command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stdout


def test_architecture_md_shows_the_layers_that_are_checked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    checked = project["tool"]["importlinter"]["contracts"][0]["layers"]
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    table = text.split("\n## The layers\n")[1].split("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    shown = [re.findall(r"`(\w+)`", row) for row in rows]
    assert shown == [layer.split(" | ") for layer in checked]


@pytest.mark.parametrize("module", ["harness.pytest_plugin", "harness.cli.main", "harness.report"])
def test_what_collection_imports_brings_neither_torch_nor_scipy(module: str) -> None:
    heavy = "sorted({'torch', 'scipy'} & sys.modules.keys())"
    command = f"import sys, {module}; print({heavy})"
    found = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
