"""Why a loss is not finite before any update: which record, target or layer made it so."""

from collections.abc import Callable, Mapping

import torch
from torch import Tensor, nn

RECORDS = 256
"""Run through the layers at once."""


def not_finite(
    model: nn.Module, sets: Mapping[str, tuple[Tensor, Tensor]], *, padded: bool = False
) -> str:
    """Say what is not finite first: an input, a target, or a layer's output.

    Args:
        model: at its starting weights, in the mode that it was evaluated in.
        sets: records `[records, timesteps, features]` and targets `[records]` by the set's name.
        padded: NaN is what lies beyond a record's end.

    Returns:
        A phrase; empty where all of them are finite, so that the loss itself has to be looked at.
    """
    for name, (inputs, targets) in sets.items():
        for kind, verb, values in (("inputs", "are", inputs), ("target", "is", targets)):
            shown = values.masked_fill(values.isnan(), 0) if padded else values
            if (record := _first(shown)) is not None:
                return f"the {kind} of {name} record {record} {verb} not finite"
    for name, (inputs, _) in sets.items():
        layer, outputs = _first_layer(model, inputs[:RECORDS])
        if layer is not None:
            record = _first(outputs)
            where = f"on the {name} set" if record is None else f"for {name} record {record}"
            return f"all inputs are finite; the output of {layer} {where} is not"
    return ""


def _first(values: Tensor) -> int | None:
    """Return the number of the first record `[records, ...]` that holds what is not finite."""
    bad = ~torch.isfinite(values).reshape(len(values), -1).all(dim=1)
    return int(bad.nonzero()[0]) if bad.any() else None


def _first_layer(model: nn.Module, inputs: Tensor) -> tuple[str | None, Tensor]:
    """Return the innermost module whose output is not finite first, and the model's outputs."""
    found: list[str] = []

    def note(name: str) -> Callable[[nn.Module, object, object], None]:
        def after(_: nn.Module, __: object, output: object) -> None:
            tensors = output if isinstance(output, tuple) else (output,)
            if any(isinstance(t, Tensor) and not torch.isfinite(t).all() for t in tensors):
                found.append(name)

        return after

    handles = [
        module.register_forward_hook(note(name or type(module).__name__))
        for name, module in model.named_modules()
    ]
    try:
        outputs: Tensor = model(inputs)
    finally:
        for handle in handles:
            handle.remove()
    return (found[0] if found else None), outputs
