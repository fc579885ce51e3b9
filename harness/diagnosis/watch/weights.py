"""The weights of a module, asked for without changing it."""
# ruff: noqa: SLF001 - the frameworks' own kinds are private

from collections.abc import Iterator
from typing import Any

import torch


def named_weights(
    module: torch.nn.Module, *, parts: bool = True
) -> Iterator[tuple[str, torch.Tensor]]:
    """Names and weights of a module and, unless told, of its parts.

    A Keras layer that is asked for its parameters registers them, for good; while it is called
    with symbols only, what it registers holds no values. Its variables are read instead.
    """
    if not hasattr(module, "_trainable_variables"):
        yield from module.named_parameters(recurse=parts)
        return
    for variable in _variables(module, parts=parts):
        if isinstance(variable._value, torch.Tensor):
            yield variable.path, variable._value


def weights(module: torch.nn.Module, *, parts: bool = True) -> Iterator[torch.Tensor]:
    """The weights of `named_weights` alone."""
    return (weight for _, weight in named_weights(module, parts=parts))


def _variables(layer: Any, *, parts: bool) -> list[Any]:
    if parts:
        return list(layer.variables)
    cell = getattr(layer, "cell", None)  # not called where its layer has a faster way
    own = [*layer._trainable_variables, *layer._non_trainable_variables]
    return own + list(getattr(cell, "variables", ()))
