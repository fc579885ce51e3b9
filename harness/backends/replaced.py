"""Functions of PyTorch, NumPy and Python that a user's model replaced: found, and put back.

A model that patches what every model calls would change the training of all that follow it in its
process. New names are left alone: nothing that was there before calls them. So is what an installed
package replaces by code of its own: frameworks do so once, when they are first used, and would not
do it again for the next seed.
"""

import re
import sys
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from types import FunctionType, MethodType, ModuleType
from typing import Any

MODULES = (
    *("torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.nn.utils"),
    *("torch.optim", "torch.optim.lr_scheduler", "torch.autograd", "torch.linalg", "torch.random"),
    *("numpy", "numpy.random", "numpy.linalg", "random", "math", "time", "copy", "builtins"),
)
"""Where training finds its functions."""

LIBRARIES = {name.partition(".")[0] for name in MODULES}
"""Whose code is nobody's own, also where a case names it, as ``torch.optim:NAdam``."""

Space = tuple[str, Any, dict[str, Any]]


class Originals:
    """The functions as they are now, by identity: 3,000 of them in a millisecond."""

    def __init__(self) -> None:
        self._spaces: list[Space] = [
            (name, owner, {key: each for key, each in vars(owner).items() if callable(each)})
            for name, owner in _owners()
        ]

    def put_back(self, own: Collection[str] = ()) -> list[str]:
        """Put back what was replaced or deleted since; return its names, sorted.

        Args:
            own: packages whose code is the user's, even where they are installed.
        """
        found = []
        for name, owner, functions in self._spaces:
            now: Mapping[str, Any] = vars(owner)
            for key, function in functions.items():
                other = now.get(key)
                if other is not function and not _by_a_library(other, f"{name}.{key}", own):
                    setattr(owner, key, function)
                    found.append(f"{name}.{key}")
        return sorted(found)


@contextmanager
def originals_kept(*, may_be_replaced: bool, own: Collection[str] = ()) -> Iterator[list[str]]:
    """Put back at the end, whatever is raised, what was replaced meanwhile.

    Args:
        may_be_replaced: whether the user's code runs.
        own: where it lies, ``"module:name"``; it is the user's even where it is installed.

    Yields:
        The names of what was replaced, which are known at the end.
    """
    found: list[str] = []
    originals = Originals() if may_be_replaced else None
    try:
        yield found
    finally:
        if originals is not None:
            packages = {re.split("[.:]", each)[0] for each in own}
            found += originals.put_back(packages - LIBRARIES)


def _owners() -> Iterator[tuple[str, Any]]:
    """Yield the modules that are imported, and the classes that PyTorch's modules hold."""
    for name in MODULES:
        module = sys.modules.get(name)
        if not isinstance(module, ModuleType):
            continue
        yield name, module
        if name.startswith("torch"):
            classes = {value: key for key, value in vars(module).items() if isinstance(value, type)}
            yield from (
                (f"{name}.{key}", value)
                for value, key in classes.items()
                if value.__module__.startswith("torch") and not value.__flags__ & _IMMUTABLE
            )


_IMMUTABLE = 1 << 8
"""Py_TPFLAGS_IMMUTABLETYPE: nobody can replace what a built-in class holds."""


_INSTALLED = ("site-packages", "dist-packages")


def _by_a_library(function: Any, replaced: str, own: Collection[str]) -> bool:
    """Whether an installed package replaced a function by code of its own.

    Within the package that it belongs to, as PyTorch's compiler does when it is first used, by one
    of the same name: who takes another function of that package for it is the user.
    """
    package = _package(function)
    if not package or package in own:
        return False
    within = package == replaced.partition(".")[0]
    return not within or getattr(function, "__name__", "") == replaced.rpartition(".")[2]


def _package(function: Any) -> str:
    """Return the installed package that a function's own code lies in; a wrapper's is its own."""
    if isinstance(function, partial):
        function = function.func
    if isinstance(function, staticmethod | MethodType):
        function = function.__func__
    if isinstance(function, FunctionType):
        file = function.__code__.co_filename
    else:
        kind = function if isinstance(function, type) else type(function)
        file = getattr(sys.modules.get(kind.__module__), "__file__", None) or ""
    parts = Path(file).parts
    place = max((parts.index(each) for each in _INSTALLED if each in parts), default=None)
    return "" if place is None else parts[place + 1].removesuffix(".py")


def told(replaced: list[str]) -> str | None:
    """Say what was replaced, if anything."""
    if not replaced:
        return None
    return (
        f"training replaced {', '.join(replaced)}, which every other case uses too: "
        "call a function of your own instead"
    )
