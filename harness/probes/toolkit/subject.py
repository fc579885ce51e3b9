"""What a probe is made on: a case, a backend and a device, and the eager backend's own run."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import torch

from harness.backends import Backend
from harness.backends.ensemble.backend import Ensemble
from harness.backends.torch.device import quiet_torch
from harness.backends.torch.eager import Eager, Run
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF
from harness.scenario import Case

TF32_ROUNDOFF = 2.0**-11
FLOAT64_ROUNDOFF = 2.0**-53


@dataclass(frozen=True)
class Subject:
    """A case, reduced or not, and where it would be trained."""

    case: Case
    backend: Backend
    device: str

    @property
    def opens(self) -> bool:
        """Whether the backend lets a probe take single steps and read weights."""
        return isinstance(self.backend, Eager)

    @property
    def batches_seeds(self) -> bool:
        """Whether the backend is the ensemble, whose run can be opened too."""
        return isinstance(self.backend, Ensemble)

    @contextmanager
    def run(self, seed: int = 0) -> Iterator[Run]:
        """Open the run that the eager backend would train, under its seed."""
        with quiet_torch(seed):
            yield Run(self.case, seed, self.device)

    @property
    def roundoff(self) -> float:
        """Unit roundoff of the declared type.

        PyTorch's backward of hardsigmoid multiplies by 1/6 in float32, whatever the type.
        """
        inexact = "hard_sigmoid" in (
            self.case.model.gate_activation,
            self.case.model.cell_activation,
        )
        if self.case.training.dtype == "float32" or inexact:
            return FLOAT32_ROUNDOFF
        return FLOAT64_ROUNDOFF

    @property
    def tf32_by_default(self) -> bool:
        """Whether PyTorch lets cuDNN's recurrent kernels round inputs to TF32 on this device."""
        return self.device.startswith("cuda") and torch.backends.cudnn.allow_tf32


@contextmanager
def full_precision(device: str) -> Iterator[None]:
    """Switch off, for a while, the TF32 that PyTorch permits cuDNN unless told otherwise.

    What a probe compares beyond arithmetic (updates, order, masks) is then resolved on a GPU
    too; the arithmetic as it is has its own probe, `layers`.
    """
    if not device.startswith("cuda"):
        yield
        return
    allowed = torch.backends.cudnn.allow_tf32
    torch.backends.cudnn.allow_tf32 = False
    try:
        yield
    finally:
        torch.backends.cudnn.allow_tf32 = allowed
