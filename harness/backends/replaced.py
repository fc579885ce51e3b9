"""Functions of PyTorch, NumPy and Python that a user's model replaced: found, and put back.

A model that patches what every model calls would change the training of all that follow it in its
process. New names are left alone: nothing that was there before calls them.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

MODULES = (
    *("torch", "torch.nn", "torch.nn.functional", "torch.nn.init", "torch.nn.utils"),
    *("torch.optim", "torch.optim.lr_scheduler", "torch.autograd", "torch.linalg", "torch.random"),
    *("numpy", "numpy.random", "numpy.linalg", "random", "math", "time", "copy", "builtins"),
)
"""Where training finds its functions."""

Space = tuple[str, Any, dict[str, Any]]


class Originals:
    """The functions as they are now, by identity: 3,000 of them in a millisecond."""

    def __init__(self) -> None:
        self._spaces: list[Space] = [
            (name, owner, {key: each for key, each in vars(owner).items() if callable(each)})
            for name, owner in _owners()
        ]

    def put_back(self) -> list[str]:
        """Put back what was replaced or deleted since; return its names, sorted."""
        found = []
        for name, owner, functions in self._spaces:
            now: Mapping[str, Any] = vars(owner)
            for key, function in functions.items():
                if now.get(key) is not function and not _by_torch_itself(now.get(key), key):
                    setattr(owner, key, function)
                    found.append(f"{name}.{key}")
        return sorted(found)


@contextmanager
def originals_kept(*, may_be_replaced: bool) -> Iterator[list[str]]:
    """Put back at the end, whatever is raised, what was replaced meanwhile.

    Yields:
        The names of what was replaced, which are known at the end.
    """
    found: list[str] = []
    originals = Originals() if may_be_replaced else None
    try:
        yield found
    finally:
        if originals is not None:
            found += originals.put_back()


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


def _by_torch_itself(function: Any, name: str) -> bool:
    """Whether PyTorch wrapped a function of its own, as it does when its compiler is first used."""
    code = getattr(function, "__code__", None)
    torch = sys.modules.get("torch")
    if code is None or torch is None or torch.__file__ is None:
        return False
    ours = Path(code.co_filename).is_relative_to(Path(torch.__file__).parent)
    return ours and getattr(function, "__name__", "") == name


def told(replaced: list[str]) -> str | None:
    """Say what was replaced, if anything."""
    if not replaced:
        return None
    return (
        f"training replaced {', '.join(replaced)}, which every other case uses too: "
        "call a function of your own instead"
    )
