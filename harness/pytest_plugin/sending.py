"""What a test hands over on its way to a worker, and the code that it is made of."""

import importlib.util
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

import cloudpickle

from harness.scenario.source import Source, source


@dataclass(frozen=True)
class Sendable:
    """A function or class that crosses processes, with where its imports are found.

    Its own module, a test file that no worker could import, goes along by value.
    """

    function: Callable[..., Any]

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Call the function."""
        return self.function(*given, **named)

    def rebuilt(self) -> Callable[..., Any]:
        """Return the function, which has not crossed yet."""
        return self.function

    def __reduce__(self) -> tuple[Any, ...]:
        """Take the function apart."""
        return Sent, (self.dumped(), tuple(sys.path), str(Path.cwd()))

    def dumped(self) -> bytes:
        """Return the function as bytes.

        Raises:
            Exception: whatever what it refers to raises when it is taken apart.
        """
        module = sys.modules.get(_module_of(self.function))
        if module is None or importable(module):
            return bytes(cloudpickle.dumps(self.function))
        cloudpickle.register_pickle_by_value(module)
        try:
            return bytes(cloudpickle.dumps(self.function))
        finally:
            cloudpickle.unregister_pickle_by_value(module)


@dataclass(frozen=True)
class Sent:
    """A function that crossed: it is rebuilt where it is needed, for the path belongs to all."""

    function: bytes
    path: tuple[str, ...]
    directory: str

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Rebuild the function and call it."""
        return self.rebuilt()(*given, **named)

    def rebuilt(self) -> Callable[..., Any]:
        """Return the function as it was."""
        sys.path.extend(each for each in self.path if each not in sys.path)
        if Path(self.directory).is_dir():  # on another machine it need not be there
            os.chdir(self.directory)
        function: Callable[..., Any] = cloudpickle.loads(self.function)
        return function


def _module_of(function: Any) -> str:
    """Return the name of the module that a function, or what a partial one calls, is written in."""
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__module__", "") or "")


def importable(module: ModuleType) -> bool:
    """Whether another process finds the same file under the module's name."""
    file = getattr(module, "__file__", None)
    if file is None:
        return module.__name__ in sys.builtin_module_names
    try:
        found = importlib.util.find_spec(module.__name__)
    except (ImportError, ValueError):  # it has no spec, or its parent is no package
        return False
    through_path = found is not None and any(
        Path(file).is_relative_to(Path(entry or ".").resolve()) for entry in sys.path
    )
    return through_path and found is not None and found.origin == file


def why_not_sendable(function: Callable[..., Any]) -> str | None:
    """Say why a function cannot be sent to a worker, ``None`` if it can."""
    try:
        Sendable(function).dumped()
    except Exception as error:  # noqa: BLE001  # a closure may hold anything
        return f"{type(error).__name__}: {error}"
    return None


def code_below(root: Path) -> tuple[Source, ...]:
    """Return the files of all modules loaded so far whose source lies below ``root``.

    A virtual environment there is not looked into: versions stand for what it holds.
    """
    modules = {getattr(each, "__file__", None) or "": each for each in tuple(sys.modules.values())}
    below = (file for file in modules if file.startswith(str(root)))  # quick; paths are slow
    own = sorted(file for file in below if _is_own(Path(file), root))
    return tuple(source(Path(file), loaded=importable(modules[file])) for file in own)


def _is_own(file: Path, root: Path) -> bool:
    return file.suffix == ".py" and file.is_relative_to(root) and "site-packages" not in file.parts
