"""Which files are scenarios, and what they are called in results."""

from collections.abc import Iterable, Iterator
from pathlib import Path

BASELINES = "__baselines__"


def name_of(path: Path, roots: Iterable[Path]) -> str:
    """Return a scenario file's name: its path below the innermost root, else its bare name."""
    path = path.resolve()
    inside = [root.resolve() for root in roots if path.is_relative_to(root.resolve())]
    if not inside:
        return path.stem
    root = max(inside, key=lambda folder: len(folder.parts))
    return path.relative_to(root).with_suffix("").as_posix()


def files_below(folder: Path) -> Iterator[Path]:
    """Yield the TOML files below ``folder``, sorted; what its baselines folder holds is data."""
    for path in sorted(folder.rglob("*.toml")):
        if BASELINES not in path.parts:
            yield path
