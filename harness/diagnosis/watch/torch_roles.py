"""What a module or a tensor is to a training, told by looking at it."""

from typing import Any

import torch

from harness.diagnosis.watch.weights import weights


def is_output(values: torch.Tensor, output: Any) -> bool:
    """Whether values are an output itself, perhaps in another shape."""
    return (
        isinstance(output, torch.Tensor)
        and values.numel() == output.numel()
        and values.data_ptr() == output.data_ptr()
    )


def is_criterion(module: torch.nn.Module, args: tuple[Any, ...]) -> bool:
    """Whether a module without weights takes an output and a target: a loss of the script's own."""
    if len(args) != 2 or not all(isinstance(value, torch.Tensor) for value in args):  # noqa: PLR2004 - output and target
        return False
    asks = [value.requires_grad for value in args]
    return asks == [True, False] and next(weights(module), None) is None


def is_set_aside(module: torch.nn.Module) -> bool:
    """Whether a module with weights is in evaluation mode and asks for no gradient."""
    if module.training:
        return False
    asks = [p.requires_grad for p in weights(module)]
    return bool(asks) and not any(asks)


def is_symbolic(output: Any) -> bool:
    """Whether an output holds no values: Keras runs layers so to learn the shapes behind them."""
    while isinstance(output, (list, tuple, dict)) and output:
        output = next(iter(output.values() if isinstance(output, dict) else output))
    return type(output).__name__ == "KerasTensor" or bool(getattr(output, "is_meta", False))
