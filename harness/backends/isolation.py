"""Global state of a process, put back after training: one case's is no other's.

A user's model may change any of it, on purpose or in passing; so may what it imports.
"""

import gc
import os
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

Values = Mapping[str, Any]


class Setting(NamedTuple):
    """One thing that belongs to the whole process: how it is read, and how it is set."""

    name: str
    get: Callable[[], Any]
    set: Callable[[Any], object]


def values(settings: Sequence[Setting]) -> Values:
    """Return what each setting is now."""
    return {setting.name: setting.get() for setting in settings}


def put(settings: Sequence[Setting], wanted: Values) -> None:
    """Set those of ``settings`` that are in ``wanted`` and are not so already."""
    for setting in settings:
        if setting.name in wanted and setting.get() != wanted[setting.name]:
            setting.set(wanted[setting.name])


@contextmanager
def restored(settings: Sequence[Setting]) -> Iterator[None]:
    """Put ``settings`` back at the end."""
    before = values(settings)
    try:
        yield
    finally:
        put(settings, before)


@contextmanager
def isolated(seed: int = 0) -> Iterator[None]:
    """Draw Python's and NumPy's random numbers from ``seed``; put the process' state back.

    What is warned of meanwhile is shown, even where a run of tests makes errors of warnings: a
    kernel that a backend lacks is no fault, and in a worker it would be none either.

    PyTorch's is put back as well once it is imported; see `harness.backends.torch.state`.
    """
    drawn = random.getstate(), np.random.get_state()  # noqa: NPY002  # a user's model draws from it
    with ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        _raise_no_warnings()
        stack.enter_context(restored(PYTHON))
        if "torch" in sys.modules:
            from harness.backends.torch.state import torch_restored  # noqa: PLC0415  # only if in use

            stack.enter_context(torch_restored())
        random.seed(seed)
        np.random.seed(seed)  # noqa: NPY002  # as above
        try:
            yield
        finally:
            random.setstate(drawn[0])
            np.random.set_state(drawn[1])  # noqa: NPY002  # as above


def _raise_no_warnings() -> None:
    shown = [
        ("default" if action == "error" else action, *rest) for action, *rest in warnings.filters
    ]
    warnings.resetwarnings()  # Python forgets what it shows of which module
    warnings.filters = shown  # type: ignore[assignment]  # tuples of five, as they were


def _directory() -> str | None:
    try:
        return str(Path.cwd())
    except OSError:  # it was deleted
        return None


def _set_directory(directory: str | None) -> None:
    if directory is not None:
        os.chdir(directory)


def _set_path(path: list[str]) -> None:
    sys.path[:] = path


def _set_environment(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


PYTHON = (
    Setting("working directory", _directory, _set_directory),
    Setting("sys.path", lambda: list(sys.path), _set_path),
    Setting("environment variables", lambda: dict(os.environ), _set_environment),
    Setting("NumPy's error handling", np.geterr, lambda handling: np.seterr(**handling)),
    Setting("recursion limit", sys.getrecursionlimit, sys.setrecursionlimit),
    Setting("garbage collection", gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
)
