"""The eager step through `torch.compile`: what TorchDynamo, AOTAutograd and Inductor make of it."""

import os
import shutil
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from typing import final

import torch
from torch import nn

from harness.backends.base import Backend, Watch
from harness.backends.isolation import isolated
from harness.backends.loop import prepare_epoch, train_seed
from harness.backends.torch.device import device_missing, seeded
from harness.backends.torch.eager import EagerRun
from harness.backends.torch.precision import kernel_missing
from harness.dataset import Dataset
from harness.history import History, Stop
from harness.scenario import Case

DEFAULT_COMPILERS = {"darwin": "clang++", "win32": "cl"}
"""What Inductor calls where CXX is not set; g++ elsewhere (`torch._inductor.config.cpp.cxx`)."""


@final
class Compiled(Backend):
    """Compiles forward and backward; the optimiser and the evaluations stay eager.

    By itself `torch.compile` skips `nn.LSTM` without a word and runs it eagerly
    (pytorch#149909). Here `allow_rnn` makes it compile, and oneDNN's fused layer, which the CPU
    would call instead and which fails when compiled (pytorch#158007), is off.
    """

    name = "compiled"

    def unavailable(self, device: str) -> str | None:
        """Return why PyTorch cannot use ``device`` here, or which compiler is missing."""
        return device_missing(device) or compiler_missing(device)

    def lacks(self, case: Case, device: str) -> str | None:
        """Return which half-precision kernel ``device`` has not, oneDNN's layer left out."""
        with compiling(0):
            return kernel_missing(case, device)

    def train(self, case: Case, seeds: Sequence[int], device: str, watch: Watch) -> list[History]:
        """Train the seeds one after another; the first pays for the compilation."""
        return [self._trained(case, seed, device, watch) for seed in seeds]

    def _trained(self, case: Case, seed: int, device: str, watch: Watch) -> History:
        with isolated(seed), compiling(seed):
            return train_seed(lambda: CompiledRun(case, seed, device), seed, watch)

    def epoch(self, case: Case, device: str) -> Callable[[], int]:
        """Prepare the first epoch of seed 0; every batch size is compiled when this returns."""

        def start() -> CompiledRun:
            CompiledRun(case, 0, device).epoch(0)
            return CompiledRun(case, 0, device)

        return prepare_epoch(lambda: compiling(0), start)


class CompiledRun(EagerRun):
    """One seed of a case whose model is compiled when it trains."""

    def _model(self, data: Dataset) -> nn.Module:
        model = super()._model(data)
        with own_deprecations_ignored():
            model.compile(dynamic=True)  # the last batch is smaller: one compilation serves both
        return model

    def evaluate(self) -> Stop | None:
        """Evaluate without the compiler."""
        with torch.compiler.set_stance("force_eager"):
            return super().evaluate()


@contextmanager
def compiling(seed: int) -> Iterator[None]:
    """Let Dynamo compile `nn.LSTM` from its cell's operations, under ``seed``; restore all."""
    onednn = torch.backends.mkldnn
    enabled = onednn.enabled
    onednn.enabled = False  # type: ignore[assignment]  # PyTorch declares a descriptor
    try:
        dynamo = torch._dynamo.config  # noqa: SLF001  # it has no public name
        with seeded(seed), dynamo.patch(allow_rnn=True):
            yield
    finally:
        onednn.enabled = enabled


def compiler_missing(device: str) -> str | None:
    """Return why Inductor cannot compile for ``device`` here: looked up, nothing is compiled."""
    try:
        with own_deprecations_ignored():
            torch.compile(torch.sin)
    except RuntimeError as error:  # this Python or system is not supported
        return str(error)
    if device == "cuda" and find_spec("triton") is None:
        return "torch.compile needs Triton for cuda, and it is not installed"
    compiler = os.environ.get("CXX", DEFAULT_COMPILERS.get(sys.platform, "g++"))
    if shutil.which(compiler) is None:
        return f"torch.compile needs a C++ compiler, and finds no {compiler!r}; set CXX"
    return None


@contextmanager
def own_deprecations_ignored() -> Iterator[None]:
    """Ignore that PyTorch uses what PyTorch deprecates while it imports its compiler."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        yield
