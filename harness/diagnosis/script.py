"""Runs somebody's script as Python would, with recorders listening."""

import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from harness.diagnosis.watch.hooks import Listeners


@dataclass
class Run:
    """How a script ended.

    Attributes:
        namespace: its variables.
        code: its exit status.
        crashed: whether an exception ended it, whose traceback was printed.
        listeners: what was recorded.
    """

    listeners: Listeners
    namespace: dict[str, Any] = field(default_factory=dict)
    code: int = 0
    crashed: bool = False


def run(path: Path, arguments: list[str], *, on_keras: Callable[[], None] | None = None) -> Run:
    """Run a script under its own name, arguments and import path.

    Args:
        path: the script.
        arguments: what comes after its name on the command line.
        on_keras: called once Keras is imported.
    """
    module = ModuleType("__main__")
    module.__dict__.update(__file__=str(path), __builtins__=__builtins__, __spec__=None)
    listeners = Listeners(str(path.resolve().parent), on_keras)
    result = Run(listeners, module.__dict__)
    old = sys.argv, sys.path[:], sys.modules["__main__"]
    sys.argv = [str(path), *arguments]
    sys.path[0:1] = [str(path.resolve().parent)]
    sys.modules["__main__"] = module
    try:
        with ExitStack() as stack:
            stack.enter_context(listeners)
            code = compile(path.read_bytes(), str(path), "exec")
            exec(code, module.__dict__)  # noqa: S102 - running the script is what was asked for
    except SystemExit as exit_:
        result.code = _status(exit_.code)
    except BaseException as error:  # noqa: BLE001 - whatever the script raises is shown as its own
        result.code, result.crashed = 1, True
        _show(error)
    finally:
        sys.argv, sys.path[:], sys.modules["__main__"] = old
        sys.stdout.flush()
    return result


def _status(code: object) -> int:
    if code is None:
        return 0
    if isinstance(code, int):
        return code
    print(code, file=sys.stderr)
    return 1


def _show(error: BaseException) -> None:
    """Print the traceback from the script's own first frame on."""
    trace = error.__traceback__
    here = str(Path(__file__))
    while trace is not None and trace.tb_frame.f_code.co_filename == here:
        trace = trace.tb_next
    traceback.print_exception(type(error), error, trace)
