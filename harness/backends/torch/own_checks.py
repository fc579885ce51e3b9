"""Whether a user's model, loss and optimizer fit a case: told in one sentence, before a step."""

import inspect
import traceback
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from harness.backends.crash import crash_of
from harness.user_code import UserCodeError, check_arguments, described, named, takes

_TORCH = Path(torch.__file__).parent


def built(
    factory: Any, reference: str, sizes: Mapping[str, int], arguments: Mapping[str, Any]
) -> nn.Module:
    """Call a model's factory with its arguments, and with the sizes unless it takes neither.

    Raises:
        UserCodeError: if it takes other arguments, or returns no module.
        Exception: whatever it raises itself.
    """
    name = described("model.factory", reference)
    given: Mapping[str, Any] = {**sizes, **arguments}
    if not takes(factory, **given) and takes(factory, **arguments):
        given = arguments
    check_arguments(factory, name, **given)
    model = factory(**given)
    if not isinstance(model, nn.Module):
        raise UserCodeError(
            f"{name} must return an nn.Module, it returned a {type(model).__name__}"
        )
    return model


def check_called(model: nn.Module, reference: str, *, padded: bool) -> None:
    """Check that a user's model takes what it is called with.

    Raises:
        UserCodeError: if not.
    """
    given = ("x", "lengths") if padded else ("x",)
    if not takes(model.forward, *given):
        when = "with lengths" if padded else "without lengths"
        asked = f"{type(model).__name__}.forward{inspect.signature(model.forward)}"
        raise UserCodeError(
            f"{described('model.factory', reference)}: {when} your module is called with "
            f"({', '.join(given)}), which {asked} does not take"
        )


def own_optimizer(
    reference: str, parameters: Sequence[Tensor], learning_rate: float
) -> torch.optim.Optimizer:
    """Call a user's own optimizer with the parameters and the learning rate.

    Raises:
        UserCodeError: if it takes other arguments, or returns no optimizer of these parameters.
        Exception: whatever it raises itself.
    """
    name, made = described("training.optimizer", reference), named(reference)
    check_arguments(made, name, "parameters", "learning_rate")
    optimizer = made(parameters, learning_rate)
    if not isinstance(optimizer, torch.optim.Optimizer):
        received = type(optimizer).__name__
        raise UserCodeError(f"{name} must return a torch.optim.Optimizer, it returned a {received}")
    if not takes(optimizer.step):
        raise UserCodeError(f"{name}: its step needs a closure, and it is called without")
    updated = {id(each) for group in optimizer.param_groups for each in group["params"]}
    if missing := [each for each in parameters if id(each) not in updated]:
        raise UserCodeError(
            f"{name} updates {len(parameters) - len(missing)} of the {len(parameters)} parameters: "
            "freeze the others in the model (requires_grad_(False)), where it is seen"
        )
    return optimizer


def check_outputs(outputs: object, reference: str, shape: list[int]) -> None:
    """Check what a user's model returns for the records of a set.

    Args:
        outputs: what it returned.
        reference: the model's factory.
        shape: `[records, outputs]`, or `[records, timesteps, outputs]` with targets at each step.

    Raises:
        UserCodeError: if that is of another shape.
    """
    axes = "[batch, timesteps, outputs]" if len(shape) > 2 else "[batch, outputs]"  # noqa: PLR2004
    expected, name = f"expected `{axes}`, here {shape}", described("model.factory", reference)
    if not isinstance(outputs, Tensor):
        raise UserCodeError(f"{name}: {expected}, received a {type(outputs).__name__}")
    if list(outputs.shape) != shape:
        kind = "logits" if shape[-1] > 1 else "values"
        raise UserCodeError(f"{name}: {expected} {kind}, received {list(outputs.shape)}")


class OwnLoss(nn.Module):
    """A user's loss: a function of outputs and targets, or a class of modules that are called so.

    Outputs are `[batch, classes]` with targets `[batch]` of int64, or both are `[batch]` values.
    """

    def __init__(self, reference: str) -> None:
        super().__init__()
        loss = named(reference)
        self.loss = loss() if isinstance(loss, type) else loss
        self.reference = described("training.loss", reference)
        check_arguments(self.loss, self.reference, "outputs", "targets")

    def forward(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss, a scalar.

        Raises:
            UserCodeError: if the loss raises, or returns no single number with a gradient.
        """
        given = f"outputs {_told(outputs)} and targets {_told(targets)}"
        try:
            value = self.loss(outputs, targets)
        except Exception as error:  # noqa: BLE001  # a user's function may raise anything
            reason = crash_of(error).message.splitlines()[0]
            message = f"{self.reference} does not fit {given}: {reason}"
            raise UserCodeError(message, _outside_torch(error)) from None
        if not isinstance(value, Tensor) or value.numel() != 1:
            received = _told(value) if isinstance(value, Tensor) else type(value).__name__
            raise UserCodeError(
                f"{self.reference} must return one number for {given}, received {received}"
            )
        if outputs.requires_grad and torch.is_grad_enabled() and not value.requires_grad:
            raise UserCodeError(
                f"{self.reference} returns a number without gradient: compute it from the outputs "
                "by PyTorch alone, without detach(), item() or NumPy"
            )
        return value.reshape(())


def _outside_torch(error: Exception) -> str:
    """Return the traceback of an error below the caller, without PyTorch's own frames."""
    frames = traceback.extract_tb(error.__traceback__)[1:]
    kept = [frame for frame in frames if not Path(frame.filename).is_relative_to(_TORCH)]
    return "".join(traceback.format_list(kept) + traceback.format_exception_only(error))


def _told(tensor: Tensor) -> str:
    return f"{list(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
