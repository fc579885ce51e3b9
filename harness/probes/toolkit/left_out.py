"""Parameters of a user's module that no slope is compared for, and why.

Those that it computes with under `torch.no_grad` only are declared fixed.

A tensor that is cut off by ``.detach()`` or ``.data``, or by a `torch.autograd.Function` that
returns no gradient, looks the same to autograd. Here they are told apart: `torch.no_grad` calls
PyTorch from Python, a `Function` and a checkpoint that computes anew switch gradients off inside.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode
from torch.utils._pytree import tree_leaves

from harness.probes.toolkit.blocks import Block
from harness.probes.toolkit.memory import Memory

NAMED = 3
"""Parameters that a sentence names for one reason."""

_SET = torch._C._set_grad_enabled  # noqa: SLF001  # what `torch.no_grad` calls
_DATA = Tensor.data.__get__  # type: ignore[attr-defined]  # a property written in C


class _Uses(TorchFunctionMode):
    """Notes which parameters operations take, within a declared `no_grad` and outside."""

    def __init__(self) -> None:
        super().__init__()
        self.declared = False
        self.noted: dict[bool, set[int]] = {True: set(), False: set()}

    def __torch_function__(  # PyTorch's name
        self, function: Any, _types: Any, arguments: Any = (), named: Any = None
    ) -> Any:
        if function is _SET:
            self.declared = not arguments[0] and (self.declared or torch.is_grad_enabled())
        elif getattr(function, "__name__", "") != "__get__" or function == _DATA:  # not a look
            given = tree_leaves((arguments, named))
            used = {id(each) for each in given if isinstance(each, nn.Parameter)}
            self.noted[self.declared] |= used
        return function(*arguments, **(named or {}))


def under_no_grad(model: nn.Module, x: Tensor) -> set[int]:
    """Return the identities of parameters that ``model(x)`` uses within `torch.no_grad` only."""
    memory = Memory(model)
    with _Uses() as uses:
        model(x)
    memory.restore()
    noted: dict[bool, set[int]] = uses.noted  # PyTorch's `__enter__` is untyped
    return noted[True] - noted[False]


def left_out_of(model: nn.Module, x: Tensor, blocks: Sequence[Block]) -> dict[str, str]:
    """Return why a user's module has parameters that no slope is compared for, by their names."""
    reasons = {
        block.tensor: "a hook changes its gradient"
        for block in blocks
        if block.parameter._backward_hooks  # noqa: SLF001  # PyTorch has no public way to ask
    }
    if any(block.parameter.grad is None for block in blocks):
        fixed = under_no_grad(model, x)
        reasons |= {block.tensor: "no_grad" for block in blocks if id(block.parameter) in fixed}
    return reasons


def without(reasons: Mapping[str, str]) -> str:
    """Name what is not compared, each reason once."""
    told = []
    for reason in dict.fromkeys(reasons.values()):
        names = [name for name, why in reasons.items() if why == reason]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        told.append(f"{', '.join(names[:NAMED])}{more} ({reason})")
    return f", but not of {'; '.join(told)}" if told else ""
