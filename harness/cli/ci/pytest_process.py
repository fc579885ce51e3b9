"""Runs a revision's convergence tests: ``python pytest_process.py CHECKOUT WORKTREE ARGUMENT ...``.

A program of its own, started by its path: it imports nothing of the harness, since the revision may
bring one along.
"""

import sys
from pathlib import Path

import pytest

FOREIGN = 66
"""The exit code where code of the checkout was trained instead of the revision's."""

TRAINS = {"convergence", "convergence_run"}
"""Fixtures of tests that train."""


class OnlyTraining:
    """Leaves out what has nothing to compare: ordinary tests, and timings of steps."""

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Deselect it."""
        kept = [item for item in items if _trains(item)]
        config.hook.pytest_deselected(items=[item for item in items if not _trains(item)])
        items[:] = kept


def _trains(item: pytest.Item) -> bool:
    asks = TRAINS & set(getattr(item, "fixturenames", ()))
    return bool(asks) and item.get_closest_marker("convergence_time") is None


def foreign(checkout: Path, worktree: Path) -> dict[str, Path]:
    """Return the loaded modules that lie in the checkout, by name; packages installed there may."""
    files = {
        name: Path(file).resolve()
        for name, module in list(sys.modules.items())
        if name != "__main__" and (file := getattr(module, "__file__", None))
    }
    return {
        name: file
        for name, file in files.items()
        if file.is_relative_to(checkout)
        and not file.is_relative_to(worktree)
        and not file.is_relative_to(sys.prefix)
        and "site-packages" not in file.parts
    }


def main(checkout: str, worktree: str, *arguments: str) -> int:
    """Run pytest, and see afterwards whose code it ran."""
    sys.path[0] = str(Path.cwd())  # as with python -m pytest
    code = int(pytest.main(list(arguments), plugins=[OnlyTraining()]))
    for name, file in foreign(Path(checkout), Path(worktree)).items():
        sys.stderr.write(f"{name} was imported from your checkout, not from the revision: {file}\n")
        return FOREIGN
    return code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
