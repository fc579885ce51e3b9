"""Whether a script started processes of its own, in which nothing is watched."""

import subprocess
from collections.abc import Callable
from multiprocessing.process import BaseProcess
from pathlib import PurePath
from typing import Any

from harness.diagnosis.watch.patches import Patches

LAUNCHERS = ("python", "torchrun", "accelerate", "deepspeed")
"""Programs that run a training script, by the start of their names."""


class Children:
    """Counts processes that may train; a data loader's workers do not.

    Args:
        patches: what is replaced, and put back.
    """

    def __init__(self, patches: Patches) -> None:
        self.started = 0
        patches.replace(BaseProcess, "start", self._start)
        patches.replace(subprocess.Popen, "__init__", self._open)

    def _start(self, original: Callable[..., None]) -> Callable[..., None]:
        def start(process: Any) -> None:
            target = getattr(process, "_target", None)
            if not str(getattr(target, "__module__", "")).startswith("torch.utils.data"):
                self.started += 1
            original(process)

        return start

    def _open(self, original: Callable[..., None]) -> Callable[..., None]:
        def init(process: Any, args: Any, *rest: Any, **options: Any) -> None:
            first = args if isinstance(args, str) else next(iter(args or ("",)), "")
            if PurePath(str(first).split(" ")[0]).name.startswith(LAUNCHERS):
                self.started += 1
            original(process, args, *rest, **options)

        return init
