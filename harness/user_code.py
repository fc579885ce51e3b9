"""The user's own code: found by name, importable while it is needed, and what is wrong with it."""

import importlib
import inspect
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from difflib import get_close_matches
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

REFERENCE = r"^[A-Za-z_][\w.]*:[A-Za-z_]\w*$"
"""How scenario files name something of the user's: ``package.module:name``."""

HANDED_OVER = "convergence.model"
"""Stands for the module in the name of what a test handed over instead of naming it."""


class HandedOver(Protocol):
    """Something of the user's that a test handed over, wherever it is needed."""

    def rebuilt(self) -> Any:
        """Return it as it was."""


_HANDED_OVER: ContextVar[Mapping[str, HandedOver]] = ContextVar("handed over", default={})  # noqa: B039  # nobody writes into it


class UserCodeError(Exception):
    """A user's code does not do what is asked of it; the message says what would be right.

    Attributes:
        detail: more lines that its owner needs: a command's last words, for instance.
    """

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


@contextmanager
def importable(folders: Sequence[Path]) -> Iterator[None]:
    """Let the modules in ``folders`` be imported meanwhile, after all that is importable anyway.

    They come last, so that no folder of a project hides an installed package. What was loaded from
    another folder under the name of a module in these is forgotten: two scenarios may each have a
    ``train.py`` beside them.
    """
    added = [str(folder) for folder in folders if str(folder) not in sys.path]
    sys.path.extend(added)
    for place in filter(Path.is_dir, map(Path, added)):
        for file in place.iterdir():
            _forget_namesake(file.stem)
    try:
        yield
    finally:
        for folder in added:
            with suppress(ValueError):  # what ran meanwhile may have taken it off
                sys.path.remove(folder)


@contextmanager
def handed_over(given: Mapping[str, HandedOver]) -> Iterator[None]:
    """Let what a test handed over be found under its name meanwhile."""
    token = _HANDED_OVER.set(given)
    try:
        yield
    finally:
        _HANDED_OVER.reset(token)


def named(reference: str) -> Any:
    """Return what ``"package.module:name"`` stands for.

    Raises:
        UserCodeError: if there is no such module, or nothing of that name in it.
        Exception: whatever importing the module raises: that is its owner's.
    """
    if (given := _HANDED_OVER.get().get(reference)) is not None:
        return given.rebuilt()
    found, name = module_of(reference), reference.partition(":")[2]
    if not hasattr(found, name):
        near = get_close_matches(name, list(vars(found)), 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UserCodeError(f"{reference}: module {found.__name__} has no {name!r}{hint}")
    return getattr(found, name)


def module_of(reference: str) -> ModuleType:
    """Return the module of ``"package.module:name"``.

    Raises:
        UserCodeError: if there is none.
        Exception: whatever importing it raises.
    """
    module = reference.partition(":")[0]
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise  # what it imports itself is missing
        raise UserCodeError(
            f"{reference}: there is no module {error.name!r}; looked for in the folder of the "
            "scenario, pytest's rootdir and what is installed"
        ) from None


def described(field: str, reference: str) -> str:
    """Return how messages name something of the user's: by its field, or by where it was written.

    What a test handed over has no name in a file: ``convergence.model: factory Net (net.py:4)``.
    """
    given = _HANDED_OVER.get().get(reference)
    if given is None:
        return f"{field} {reference}"
    return f"{reference.replace(':', ': ')} {_shown(given.rebuilt())}"


def takes(called: Any, *given: Any, **named_: Any) -> bool:
    """Tell whether something can be called so, as far as its signature tells."""
    try:
        inspect.signature(called).bind(*given, **named_)
    except TypeError:
        return False
    except ValueError:  # written in C: nobody can tell
        return True
    return True


def check_arguments(called: Any, reference: str, *given: Any, **named_: Any) -> None:
    """Check that something of the user's takes the arguments that it will be given.

    Raises:
        UserCodeError: if it cannot be called, or not so.
    """
    if not callable(called):
        raise UserCodeError(f"{reference} is no function: it is {type(called).__name__}")
    try:
        signature = inspect.signature(called)
    except (TypeError, ValueError):  # written in C: nobody can tell
        return
    try:
        signature.bind(*given, **named_)
    except TypeError as error:
        asked = ", ".join([*map(str, given), *named_])
        raise UserCodeError(
            f"{reference}{signature} cannot be called with ({asked}): {error}"
        ) from None


def _shown(called: Any) -> str:
    """Return the name of a function or class, and where it is written if Python knows."""
    plain = inspect.unwrap(getattr(called, "func", called))
    name = getattr(plain, "__qualname__", type(plain).__qualname__)
    try:
        file, line = inspect.getsourcefile(plain), inspect.getsourcelines(plain)[1]
    except (TypeError, OSError):
        return str(name)
    return f"{name} ({Path(file or '').name}:{line})"


def _forget_namesake(package: str) -> None:
    """Forget a loaded module of another folder, no longer importable, that has this name."""
    file = getattr(sys.modules.get(package), "__file__", None)
    spec = PathFinder.find_spec(package) if file is not None else None
    if file is None or spec is None or spec.origin in (None, file):
        return
    folder = Path(file).parents[Path(file).name == "__init__.py"]
    if folder.resolve() not in [Path(entry or ".").resolve() for entry in sys.path]:
        for name in [n for n in sys.modules if n == package or n.startswith(f"{package}.")]:
            del sys.modules[name]
