"""Imports run downward only, every module has its layer, and collecting tests stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "harness"

LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"__main__"}),
    frozenset({"pytest_plugin", "cli"}),
    frozenset({"selftest"}),
    frozenset({"flow", "report"}),
    frozenset({"execution", "probes", "baseline"}),
    frozenset({"results"}),
    frozenset({"diagnosis"}),
    frozenset({"verdict"}),
    frozenset({"backends", "reference"}),
    frozenset({"history", "dataset", "initial", "metrics"}),
    frozenset({"scenario"}),
)
"""Highest first. A module imports from its own layer and those below."""

BACKENDS_MAY_IMPORT = {"backends", "history", "dataset", "initial", "metrics", "scenario"}
TORCH_IS_FOR = {"backends", "probes", "selftest"}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def unit(path: Path) -> str:
    """Return the name that a file has in the table: its module or package below `harness`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def level(name: str) -> int:
    (found,) = (depth for depth, layer in enumerate(LAYERS) if name in layer)
    return found


def imports(path: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports, wherever in it, also for types only."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative imports hide the layer"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(path: Path) -> set[str]:
    """Return the units of `harness` that a file imports."""
    return {name.split(".")[1] for name in imports(path) if name.startswith("harness.")}


def identify(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def test_every_module_belongs_to_exactly_one_layer() -> None:
    names = [name for layer in LAYERS for name in layer]
    assert len(names) == len(set(names))
    assert {unit(path) for path in modules()} <= {*names, "__init__"}


@pytest.mark.parametrize("path", modules(), ids=identify)
def test_a_module_imports_from_its_own_layer_or_below(path: Path) -> None:
    if unit(path) == "__init__":
        assert own_imports(path) == set()
        return
    above = {name for name in own_imports(path) if level(name) < level(unit(path))}
    assert above == set()


@pytest.mark.parametrize("path", sorted((PACKAGE / "backends").rglob("*.py")), ids=identify)
def test_backends_import_only_what_is_declared_drawn_and_recorded(path: Path) -> None:
    assert own_imports(path) <= BACKENDS_MAY_IMPORT


@pytest.mark.parametrize("path", modules(), ids=identify)
def test_torch_is_imported_only_where_it_is_driven(path: Path) -> None:
    if unit(path) not in TORCH_IS_FOR:
        assert "torch" not in {name.split(".")[0] for name in imports(path)}


@pytest.mark.parametrize("module", ["harness.pytest_plugin", "harness.cli.main", "harness.report"])
def test_what_collection_imports_brings_neither_torch_nor_scipy(module: str) -> None:
    heavy = "sorted({'torch', 'scipy'} & sys.modules.keys())"
    command = f"import sys, {module}; print({heavy})"
    found = subprocess.run(
        [sys.executable, "-c", command], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
