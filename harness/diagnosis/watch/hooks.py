"""Recorders for the frameworks that a script imports, put in when it imports them."""
# ruff: noqa: PLC0415 - torch and Keras are imported when they are needed

import sys
from collections.abc import Callable
from contextlib import ExitStack
from importlib.abc import MetaPathFinder
from types import TracebackType
from typing import Any, Self

from harness.diagnosis.guard import Guard


class Listeners:
    """Recorders of whichever framework is imported while this is open.

    Args:
        folder: the scripts' folder; local variables of functions in it may be looked at.
        on_import: called with the name of a framework once it is imported.
    """

    def __init__(self, folder: str, on_import: Callable[[str], None] | None = None) -> None:
        self.folder = folder
        self.on_import = on_import
        self.torch: Any = None
        self.keras: Any = None
        self.guard = Guard()
        self._stack = ExitStack()
        self._finder = _Finder(self)

    def __enter__(self) -> Self:
        """Listen to what is imported already, and wait for what is not."""
        sys.meta_path.insert(0, self._finder)
        for name in ("torch", "keras"):
            if name in sys.modules:
                self.imported(name)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening."""
        sys.meta_path.remove(self._finder)
        self._stack.close()

    def imported(self, name: str) -> None:
        """A framework has been imported."""
        self.guard.ask(None, self._listen, name)

    def _listen(self, name: str) -> None:
        if self.on_import is not None and name == "torch":
            self.on_import(name)
        if name == "torch" and self.torch is None:
            from harness.diagnosis.watch.torch_recorder import Recorder

            self.torch = self._stack.enter_context(Recorder(scripts=self.folder))
        if name == "keras" and self.keras is None:
            from harness.diagnosis.watch.keras_recorder import KerasRecorder

            self.keras = self._stack.enter_context(KerasRecorder(self.folder))
            if self.on_import is not None:  # last: what it hands to `fit` is what is recorded
                self.on_import(name)


class _Finder(MetaPathFinder):
    """Notices the import of a framework, and has its module loaded as usual."""

    def __init__(self, listeners: Listeners) -> None:
        self.listeners = listeners
        self.busy: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Wrap the loader of torch or keras, so that it tells when it is done."""
        if name not in {"torch", "keras"} or name in self.busy:
            return None
        self.busy.add(name)
        from importlib.util import find_spec

        spec = find_spec(name)
        if spec is None or spec.loader is None:
            self.busy.discard(name)
            return None
        run = spec.loader.exec_module

        def exec_module(module: Any) -> None:
            run(module)
            self.listeners.imported(name)

        spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec
