"""What a probe is made on: a case, a backend and a device, and the run that the backend opens."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch

from harness.backends import Backend
from harness.probes.toolkit.check import FLOAT32_ROUNDOFF
from harness.probes.toolkit.kernels import PLAIN, Kernel, vendors_kernel
from harness.scenario import Case
from harness.scenario.vocabulary import ACTIVATIONS

if TYPE_CHECKING:
    from harness.backends.ensemble.run import EnsembleRun
    from harness.backends.torch.eager import EagerRun

FLOAT64_ROUNDOFF = 2.0**-53


@dataclass(frozen=True)
class Subject:
    """A case, reduced or not, and where it would be trained."""

    case: Case
    backend: Backend
    device: str

    @property
    def opens(self) -> bool:
        """Whether probes can take single steps of one model and read its weights."""
        return self._opens_a_run and not self.backend.opens_batch

    @property
    def opens_batch(self) -> bool:
        """Whether probes can open a run of several seeds as one batched model."""
        return self._opens_a_run and self.backend.opens_batch

    @property
    def _opens_a_run(self) -> bool:
        return self.backend.open(self.case, [0], self.device) is not None

    def run(self, seed: int = 0) -> "AbstractContextManager[EagerRun]":
        """Open the run of one model that the backend would train, under its seed."""
        return self._opened([seed])

    def batch(self, seeds: Sequence[int]) -> "AbstractContextManager[EnsembleRun]":
        """Open the run of a batched model of ``seeds``."""
        return self._opened(seeds)

    def _opened(self, seeds: Sequence[int]) -> AbstractContextManager[Any]:
        opened = self.backend.open(self.case, seeds, self.device)
        if opened is None:
            raise TypeError(f"backend {self.backend.name} opens no run")
        return opened

    @property
    def roundoff(self) -> float:
        """Unit roundoff of the declared type; float32's where a part is computed in it."""
        model, training = self.case.model, self.case.training
        used = model.gate_activation, model.cell_activation
        rounded = any(ACTIVATIONS[name].rounded_slope for name in used)
        known = training.known_optimizer
        rounded = rounded or (known is not None and known.rounded_state)
        if training.dtype == "float32" or rounded:
            return FLOAT32_ROUNDOFF
        return FLOAT64_ROUNDOFF

    def kernel(self, units: int, *, tf32: bool = False) -> Kernel:
        """Return what the recurrent kernel of a layer is allowed, beyond what a CPU's is."""
        on_cpu = torch.device(self.device).type == "cpu"
        ours = not self.backend.vendor_kernels
        if on_cpu or ours or self.case.training.dtype == "float64":
            return PLAIN
        return vendors_kernel(units, tf32=tf32)

    @property
    def model_kernel(self) -> Kernel:
        """What the recurrent kernels of the whole model are allowed: as its narrowest layer's."""
        model = self.case.model
        if model.factory is not None:
            return self.kernel(1)
        return self.kernel(min(model.units)) if model.usual_activations else PLAIN

    @property
    def output_roundoff(self) -> float:
        """Unit roundoff of the model's outputs, recurrent kernels included."""
        return self.roundoff * self.model_kernel.forward

    @property
    def training_roundoff(self) -> float:
        """Unit roundoff of what gradients have made of the weights, kernels included."""
        return self.roundoff * self.model_kernel.backward

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
