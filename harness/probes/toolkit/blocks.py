"""A module's parameters in the blocks that a slope is compared for: whole, or gate by gate."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from harness.probes.toolkit.recurrent import gates_of


@dataclass(frozen=True)
class Block:
    """Some rows of a parameter, such as those of a gate: 1 where they are, 0 elsewhere."""

    name: str
    tensor: str
    parameter: nn.Parameter
    rows: Tensor


def blocks_of(model: nn.Module) -> Iterator[Block]:
    """Yield the rows of each gate of a recurrent parameter, all rows of any other, once each."""
    seen: set[int] = set()
    for prefix, module in model.named_modules():
        for name, parameter in module.named_parameters(recurse=False):
            if id(parameter) in seen or not parameter.requires_grad:
                continue
            seen.add(id(parameter))
            whole = f"{prefix}.{name}".lstrip(".")
            for gate, rows in _rows(module, name, parameter):
                yield Block(f"{whole} {gate}".rstrip(), whole, parameter, rows.to(parameter))


def _rows(module: nn.Module, name: str, parameter: nn.Parameter) -> Iterator[tuple[str, Tensor]]:
    """Yield the name of a gate, if any, and the factors 1 and 0 of a parameter's rows."""
    rows = torch.ones([len(parameter), *[1] * (parameter.dim() - 1)] if parameter.dim() else [])
    gates = gates_of(module, name)
    for number, gate in enumerate(gates):
        chosen = torch.zeros_like(rows)
        torch.tensor_split(chosen, len(gates))[number].fill_(1)
        yield f"{gate} gate", chosen
    if not gates:
        padding = getattr(module, "padding_idx", None)
        if isinstance(module, nn.Embedding | nn.EmbeddingBag) and padding is not None:
            rows[padding] = 0  # has no gradient by declaration
        yield "", rows
