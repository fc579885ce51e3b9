"""Healthy modules that freeze, compute anew, drop weights, or compute in a type of their own."""

from functools import partial
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.checkpoint import checkpoint

from harness.selftest.modules.layers import UNITS, Build


class _Frozen(nn.Module):
    """A lower layer that is not trained by declaration, and one that is not by `no_grad`."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.middle = nn.Linear(features, UNITS), nn.Linear(UNITS, UNITS)
        self.lower.requires_grad_(requires_grad=False)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        with torch.no_grad():
            fixed = torch.tanh(self.middle(self.lower(x.mean(1))))
        outputs: Tensor = self.head(fixed)
        return outputs


class _Checkpointed(nn.Module):
    """Computes its layers anew on the way back."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower = nn.Sequential(nn.Linear(features, UNITS), nn.Tanh(), nn.Dropout(0.2))
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(checkpoint(self.lower, x.mean(1), use_reentrant=False))
        return outputs


class _WeightDrop(nn.Module):
    """Drops recurrent weights instead of outputs (Merity et al. 2018)."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.recurrent = nn.Linear(features, UNITS), nn.Linear(UNITS, UNITS)
        self.head = nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        weight = functional.dropout(self.recurrent.weight, 0.3, self.training)
        hidden = x.new_zeros(len(x), UNITS)
        for moment in x.unbind(1):
            hidden = torch.tanh(self.lower(moment) + functional.linear(hidden, weight))
        outputs: Tensor = self.head(hidden)
        return outputs


class _Noise(nn.Module):
    """Adds noise to its inputs while it trains, and has a parameter that it never uses."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.head, self.unused = nn.Linear(features, outputs), nn.Parameter(torch.ones(3))

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(x.mean(1) + 0.1 * torch.randn_like(x[:, 0]) * self.training)
        return outputs


class _MaskedWeights(nn.Module):
    """Pruned: a hook keeps the gradient of removed weights at zero."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.head = nn.Linear(features, UNITS), nn.Linear(UNITS, outputs)
        kept = torch.arange(UNITS) % 2
        self.head.weight.register_hook(lambda slope: slope * kept.to(slope))  # type: ignore[no-untyped-call]  # PyTorch leaves it untyped

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(torch.tanh(self.lower(x.mean(1))))
        return outputs


class _OfType(nn.Module):
    """Keeps an LSTM in a type of its own, whatever the rest is moved to."""

    def __init__(self, features: int, outputs: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.dtype = dtype
        self.recurrent = nn.LSTM(features, UNITS, 2, batch_first=True)
        self.head = nn.Linear(UNITS, outputs)

    def to(self, *arguments: Any, **named: Any) -> "_OfType":
        super().to(*arguments, **named)
        self.recurrent.to(self.dtype)
        return self

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.head(self.recurrent(x.to(self.dtype))[0][:, -1].to(x.dtype))
        return outputs


class _Autocast(nn.Module):
    """Multiplies in bfloat16."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.lower, self.head = nn.Linear(features, UNITS), nn.Linear(UNITS, outputs)

    def forward(self, x: Tensor) -> Tensor:
        with torch.autocast(x.device.type, torch.bfloat16):
            outputs = self.head(torch.tanh(self.lower(x.mean(1))))
        return outputs.to(x.dtype)  # type: ignore[no-any-return]  # a tensor


class _Lazy(nn.Module):
    """Learns its width at the first call, which is made before it is trained."""

    def __init__(self, features: int, outputs: int) -> None:
        super().__init__()
        self.layer = nn.LazyLinear(outputs)
        self(torch.zeros(1, 1, features))

    def forward(self, x: Tensor) -> Tensor:
        outputs: Tensor = self.layer(x.mean(1))
        return outputs


COMPUTATION: dict[str, Build] = {
    "frozen": _Frozen,
    "checkpointed": _Checkpointed,
    "weight_drop": _WeightDrop,
    "noise": _Noise,
    "masked_weights": _MaskedWeights,
    "autocast": _Autocast,
    "lazy": _Lazy,
    "bfloat16_weights": partial(_OfType, dtype=torch.bfloat16),
    "float64_weights": partial(_OfType, dtype=torch.float64),
}
"""By kind."""
