"""How exactly a module computes: the coarsest type among everything that it produces."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from harness.backends.torch.norms import as_numpy
from harness.probes.toolkit.check import Array
from harness.probes.toolkit.subject import Subject


class _Types(TorchDispatchMode):  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped
    """Notes the floating-point type of every result."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # as above
        self.seen: set[torch.dtype] = set()

    def __torch_dispatch__(  # PyTorch's name
        self, operation: Any, _types: Any, arguments: Any = (), named: Any = None
    ) -> Any:
        produced = operation(*arguments, **(named or {}))
        for each in tree_leaves(produced):
            if isinstance(each, Tensor) and each.is_floating_point():
                self.seen.add(each.dtype)
        return produced


def roundoff_of(dtype: torch.dtype) -> float:
    """Return the unit roundoff of a floating-point type."""
    return torch.finfo(dtype).eps / 2


def roundoff_within(subject: Subject, model: nn.Module, x: Tensor) -> float:
    """Return the unit roundoff of a case's model: as declared, or a user's module's own.

    Half precision inside a user's module, under autocast or in its weights, is its choice.
    """
    if subject.case.model.factory is None:
        return subject.roundoff
    with torch.no_grad(), _Types() as types:
        model(x)
    return max(subject.roundoff, *map(roundoff_of, types.seen))


def numbers(tensor: Tensor) -> Array:
    """Return a copy in NumPy, which has no bfloat16: that becomes float32."""
    found: Array = as_numpy(tensor).copy()
    return found
