"""Digests of a user's own modules: the one that was named, and those of theirs that it imports.

Nothing is imported for it: what a user's module does when it is imported belongs to training.
Imports are read from the source, so that a module that is only named at run time is not known;
installed packages are left out, their version stands for them.
"""

import ast
import hashlib
import sysconfig
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from pathlib import Path

_STANDARD = tuple(Path(sysconfig.get_path(n)).resolve() for n in ("stdlib", "platstdlib"))
_INSTALLED = {"site-packages", "dist-packages"}


def user_sources(module: str) -> tuple[str, ...]:
    """Return ``"name digest"`` of a module, its packages and what of the user's it imports.

    The module itself counts wherever it lies, empty where it has no source.
    """
    found: dict[str, str] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found or name.partition(".")[0] == "harness":
            continue
        path = _source(name)
        if path is None or (name != module and _is_installed(path)):
            continue
        try:
            content = path.read_bytes()
        except OSError:
            continue
        found[name] = hashlib.sha256(content).hexdigest()[:16]
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        waiting += [name.rpartition(".")[0], *_imported(content, package)]
    return tuple(f"{name} {digest}" for name, digest in sorted(found.items()))


@cache
def _imported(content: bytes, package: str) -> tuple[str, ...]:
    """Return the names that a source may import; not all of them need be modules."""
    try:
        tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):  # training will say so
        return ()
    return tuple(dict.fromkeys(name for node in ast.walk(tree) for name in _names(node, package)))


def _names(node: ast.AST, package: str) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
        base = ".".join([*above, *([node.module] if node.module else [])])
        yield base
        yield from (f"{base}.{alias.name}" for alias in node.names)


def _source(name: str) -> Path | None:
    """Return the file of a module, found step by step so that no package is imported."""
    spec: ModuleSpec | None = None
    for n, _ in enumerate(parts := name.split(".")):
        full = ".".join(parts[: n + 1])
        try:
            places = spec.submodule_search_locations if spec else None
            spec = PathFinder.find_spec(full, places) if n else find_spec(full)
        except (ImportError, ValueError, AttributeError):
            return None
        if spec is None or (n + 1 < len(parts) and spec.submodule_search_locations is None):
            return None
    path = Path(spec.origin) if spec and spec.has_location and spec.origin else None
    return path if path is not None and path.suffix == ".py" else None


def _is_installed(path: Path) -> bool:
    resolved = path.resolve()
    standard = any(resolved.is_relative_to(place) for place in _STANDARD)
    return standard or not _INSTALLED.isdisjoint(resolved.parts)
