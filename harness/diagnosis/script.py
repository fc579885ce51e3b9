"""Runs somebody's script as Python would, with recorders listening."""

import builtins
import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.diagnosis.children import Children
from harness.diagnosis.ending import run_to_its_end
from harness.diagnosis.replacing import Replacing
from harness.diagnosis.streams import streams_kept
from harness.diagnosis.watch.hooks import Listeners
from harness.diagnosis.watch.operands import Operands, listening
from harness.diagnosis.watch.patches import Patches


@dataclass
class Run:
    """How a script ended.

    Attributes:
        namespace: its variables.
        code: its exit status.
        crashed: whether an exception ended it, whose traceback was printed.
        place: ``file:line`` of the script that it came from.
        hint: what that exception means, where it is one that is often met; else empty.
        listeners: what was recorded.
        operands: what met in its own operators.
        children: how many processes it started in which training cannot be watched.
        replaced: the program that it wanted to put in its place, which was not started.
    """

    listeners: Listeners
    operands: Operands = field(default_factory=Operands)
    namespace: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    crashed: bool = False
    place: str = ""
    hint: str = ""
    children: int = 0
    replaced: str = ""


def run(
    script: Path | str, arguments: list[str], *, on_import: Callable[[str], None] | None = None
) -> Run:
    """Run a script under its own name, arguments and import path.

    Its folder, standard output and standard error are afterwards what they were before.

    Args:
        script: its file, as the user named it.
        arguments: what comes after its name on the command line.
        on_import: called with the name of a framework once it is imported.
    """
    path = Path(script)
    whole = path.absolute()  # as Python names it, and still true after the script's os.chdir
    module = _main(whole)
    listeners = Listeners(str(path.resolve().parent), on_import)
    result = Run(listeners, namespace=module.__dict__)
    module.__dict__.update(result.operands.functions)
    old = sys.argv, sys.path[:], sys.modules["__main__"]
    patches = Patches()
    children = Children(patches)
    replacing = Replacing([str(script), *arguments], patches)
    hide_our_frames(patches)
    sys.argv = [str(script), *arguments]
    sys.path[0:1] = [str(path.resolve().parent)]
    sys.modules["__main__"] = module
    try:
        with _folder_kept(), streams_kept(), listeners:
            run_to_its_end(lambda: _execute(whole, module), patches)
    except SystemExit as exit_:
        result.code = _status(exit_.code)
    except BaseException as error:  # noqa: BLE001 - whatever the script raises is shown as its own
        result.code, result.crashed = 1, True
        result.place, result.hint = _show(error, whole), _hint(error)
    finally:
        patches.restore()
        sys.argv, sys.path[:], sys.modules["__main__"] = old
    result.children, result.replaced = children.started, replacing.program
    return result


def _execute(path: Path, module: ModuleType) -> None:
    code = listening(path.read_bytes(), path)
    exec(code, module.__dict__)  # noqa: S102 - running the script is what was asked for


def _main(path: Path) -> ModuleType:
    """The module `__main__` as Python makes it for a script."""
    module = ModuleType("__main__")
    module.__dict__.update(
        __annotations__={},
        __builtins__=builtins,
        __cached__=None,
        __file__=str(path),
        __loader__=SourceFileLoader("__main__", str(path)),
    )
    return module


@contextmanager
def _folder_kept() -> Iterator[None]:
    """Come back to the working folder, where it is still there."""
    before = ""
    with suppress(OSError):
        before = os.getcwd()  # noqa: PTH109 - there may be none
    try:
        yield
    finally:
        with suppress(OSError):
            os.chdir(before)


def _status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    print(code, file=sys.stderr)
    return 1


def _hint(error: BaseException) -> str:
    if isinstance(error, ModuleNotFoundError) and error.name:
        return f"{error.name} is not installed for {sys.executable}, which runs it"
    if "does not require grad and does not have a grad_fn" in str(error):
        return (
            "the loss depends on no parameter that can be trained: it was made under no_grad(), "
            "from detached values, or every requires_grad is False"
        )
    return ""


def _show(error: BaseException, path: Path) -> str:
    """Print the traceback as the script alone would have it; returns the place in the script."""
    told = traceback.TracebackException.from_exception(error)
    print("".join(told.format()), end="", file=sys.stderr)
    lines = [frame.lineno for frame in told.stack if frame.filename == str(path)]
    return f"{path.name}:{lines[-1]}" if lines else str(path)


def hide_our_frames(patches: Patches) -> None:
    """Leave what listens out of all tracebacks, those included that the script prints itself."""

    def without_ours(walk: Callable[[Any], Iterator[Any]]) -> Callable[[Any], Iterator[Any]]:
        def walked(trace: Any) -> Iterator[Any]:
            return (each for each in walk(trace) if not each[0].f_code.co_filename.startswith(OURS))

        return walked

    for name in ("walk_tb", "_walk_tb_with_full_positions"):  # what is extracted, and printed
        patches.replace(traceback, name, without_ours)


OURS = str(Path(__file__).parent)
"""Where what listens lies."""
