"""The declared precision of a step: autocast in half precision, and loss scaling in float16."""

from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor

from harness.backends.torch.device import quiet_torch
from harness.backends.torch.network import Network
from harness.scenario import Case, Model, Training

HALF = {"bfloat16": torch.bfloat16, "float16": torch.float16}


class Precision:
    """Computes a step as declared.

    As PyTorch's recipe has it: weights stay float32, what profits computes in half precision
    (`torch.autocast`), and float16's gradients, which would be lost below 6e-8, are those of a
    loss scaled up (`torch.amp.GradScaler`). An update whose gradients overflow is left out.
    """

    def __init__(self, training: Training, device: torch.device) -> None:
        self.half = None if training.half is None else HALF[training.half]
        self.device = device.type
        scales = self.half == torch.float16
        self.scaler = torch.amp.GradScaler(self.device) if scales else None

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context of forward passes and losses."""
        if self.half is None:
            return nullcontext()
        return torch.autocast(self.device, dtype=self.half)

    def backward(self, loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        """Leave the loss' own gradient, not scaled, in the optimizer's parameters."""
        if self.scaler is None:
            loss.backward()  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
            return
        self.scaler.scale(loss).backward()  # type: ignore[no-untyped-call]  # as above
        self.scaler.unscale_(optimizer)

    def update(self, optimizer: torch.optim.Optimizer) -> bool:
        """Update the parameters, unless gradients overflowed; tell whether they were."""
        if self.scaler is None:
            optimizer.step()
            return True
        before = self.scaler.get_scale()
        self.scaler.step(optimizer)
        self.scaler.update()
        return self.scaler.get_scale() >= before


def kernel_missing(case: Case, device: str) -> str | None:
    """Return why a device cannot compute a case's layers in half precision, if it cannot.

    Found by computing one step of two narrow layers; a user's own module is not called.
    """
    if case.training.half is None or case.model.factory is not None:
        return None
    try:
        with quiet_torch(0):
            _step(case.model, case.training, device)
    except RuntimeError as error:
        told = str(error).partition("\n")[0].partition(". ")[0]
        return (
            f"training.precision = {case.training.half!r}: {device} has no kernel for "
            f"{case.model.kind} layers here ({told}); take another precision or device"
        )
    return None


def _step(model: Model, training: Training, device: str) -> None:
    narrow = {"units": (4,) * min(len(model.units), 2), "projection": min(model.projection, 2)}
    network = Network(model.model_copy(update=narrow), 3, 2).to(device)
    with Precision(training, torch.device(device)).autocast():
        loss = network(torch.ones(2, 3, 3, device=device)).float().sum()
    loss.backward()
