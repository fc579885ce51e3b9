"""Tensors as NumPy arrays."""

from typing import Any

import numpy as np
import torch

from harness.diagnosis.observations import Array, Floats
from harness.diagnosis.watch.pairing import stored


def as_array(tensor: torch.Tensor) -> Array:
    """The same values; half precision as single, which NumPy knows."""
    values = tensor.detach().cpu()
    if values.dtype in {torch.bfloat16, torch.float16}:
        values = values.float()
    return values.numpy()


def numbers(values: list[torch.Tensor | float]) -> Floats:
    """The first number of each, `[steps]`, in single precision as most losses are."""
    return np.array([float(v if isinstance(v, float) else _first(v)) for v in values], np.float64)


def _first(tensor: torch.Tensor) -> torch.Tensor:
    return tensor.detach().reshape(-1)[0].float()


def arrays_of(variables: dict[str, Any], loaders: list[Any]) -> list[Array]:
    """The script's arrays and tensors of numbers, those in its data loaders included."""
    found: list[Array] = []
    for value in [*variables.values(), *(value for _, value in stored(loaders))]:
        if isinstance(value, np.ndarray) and value.dtype.kind in "fiub":
            found.append(value)
        elif isinstance(value, torch.Tensor) and not value.requires_grad and not value.is_sparse:
            found.append(as_array(value))
    return found


def joined(pairs: list[tuple[Any, Any]]) -> tuple[Array | None, Array | None]:
    """Concatenate batches of tensors or arrays that are of the same shape as the first."""
    if not pairs:
        return None, None
    first = pairs[0]
    alike = [
        (a, b)
        for a, b in pairs
        if a.shape[1:] == first[0].shape[1:]
        and b.shape[1:] == first[1].shape[1:]
        and a.ndim
        and b.ndim
    ]
    if not alike:
        return None, None
    plain = [tuple(v if isinstance(v, np.ndarray) else as_array(v) for v in p) for p in alike]
    return np.concatenate([a for a, _ in plain]), np.concatenate([b for _, b in plain])
