"""The end of a script: what Python does between its last line and its exit is done before ours."""

import atexit
import concurrent.futures.process
import concurrent.futures.thread
import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, NoReturn

from harness.diagnosis.streams import UNUSABLE
from harness.diagnosis.watch.patches import Patches


class Left(SystemExit):
    """`os._exit` was called: no thread is waited for, and nothing registered is called."""


def run_to_its_end(code: Callable[[], None], patches: Patches) -> None:
    """Run a script, wait for its threads, then call what it registered with `atexit`.

    What libraries register stays registered: we may still need them. Raises what the script does,
    once all that is done.

    Args:
        code: what the script does.
        patches: what is replaced, and put back.
    """
    registered = _Registered(patches)
    before = set(threading.enumerate())
    patches.replace(os, "_exit", _leave_watched)
    for module, flag in FLAGS:
        patches.replace(module, flag, lambda value: value)  # put back after `_wait`
    raised = _raised(code)
    if not isinstance(raised, Left):
        late = _raised(partial(_wait, before)) or _raised(registered.call)
        raised = late if raised is None else raised
    if raised is not None:
        raise raised


def _raised(code: Callable[[], None]) -> BaseException | None:
    """What a call raises, handled already: what comes after it has no exception as context."""
    try:
        code()
    except BaseException as error:  # noqa: BLE001 - whatever it is, the script raised it
        return error
    return None


def _wait(before: set[threading.Thread]) -> None:
    """Wait for threads as `threading._shutdown` does, which can be called only once."""
    while left := [each for each in threading.enumerate() if not (each.daemon or each in before)]:
        for stop in reversed(threading._threading_atexits):  # type: ignore[attr-defined]  # noqa: SLF001 - executors' threads wait for ever without it
            stop()
        for thread in left:
            thread.join()


FLAGS = (
    (concurrent.futures.thread, "_shutdown"),
    (concurrent.futures.process, "_global_shutdown"),
)
"""What executors note when Python ends; they shall work afterwards, as it does not end yet."""


class _Registered:
    """Functions that a script has registered with `atexit`.

    Args:
        patches: what is replaced, and put back.
    """

    def __init__(self, patches: Patches) -> None:
        self.calls: list[tuple[Any, Callable[[], Any]]] = []
        patches.replace(atexit, "register", self._register)
        patches.replace(atexit, "unregister", self._unregister)

    def _register(self, original: Callable[..., Any]) -> Callable[..., Any]:
        def register(function: Any, /, *args: Any, **kwargs: Any) -> Any:
            caller = sys._getframe(1).f_globals.get("__name__")  # noqa: SLF001 - whoever registers
            if "__main__" not in (caller, getattr(function, "__module__", "")):
                return original(function, *args, **kwargs)
            self.calls.append((function, partial(function, *args, **kwargs)))
            return function

        return register

    def _unregister(self, original: Callable[[Any], None]) -> Callable[[Any], None]:
        def unregister(function: Any, /) -> None:
            self.calls = [each for each in self.calls if each[0] != function]
            original(function)

        return unregister

    def call(self) -> None:
        """Call them, the last one first; an exception ends one of them only."""
        while self.calls:
            function, call = self.calls.pop()
            try:
                call()
            except Left:
                raise
            except BaseException as error:  # noqa: BLE001 - Python goes on as well
                with suppress(*UNUSABLE):
                    sys.stderr.write(f"Exception ignored in atexit callback: {function!r}\n")
                    trace = error.__traceback__.tb_next if error.__traceback__ else None
                    traceback.print_exception(error.with_traceback(trace))


def _leave_watched(leave: Callable[[int], NoReturn]) -> Callable[[int], NoReturn]:
    """`os._exit` as an exit that still lets us speak, if the script's main thread calls it.

    Processes that a script forks just leave.
    """
    ours, speaking = os.getpid(), threading.current_thread()

    def left(status: int) -> NoReturn:
        if os.getpid() != ours:
            leave(status)
        if threading.current_thread() is speaking:
            raise Left(status)
        with suppress(*UNUSABLE):
            sys.stdout.flush()
        with suppress(*UNUSABLE):
            sys.stderr.write(f"harness: {UNHEARD.format(status=status)}\n")
            sys.stderr.flush()
        leave(status)

    return left


UNHEARD = "a thread called os._exit({status}), which ends everything: nothing can be said"
