"""Faults in the weights that training starts from."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any
from unittest.mock import patch

import numpy as np
import torch
from torch import Tensor, nn

from harness import initial
from harness.backends.torch import eager
from harness.initial import Weights
from harness.probes.opened import initialisation
from harness.reference import train as reference
from harness.selftest.fault import SYNTHETIC, Fault, Inject

SURFACE = "initialisation"

DRAWING = (initial, eager, initialisation, reference)
"""Who calls `draw`: a wrong one serves reference and subject alike, and only its numbers tell."""


def drawn(wrong: Callable[[Weights], Weights]) -> Inject:
    """Change what is drawn, for everybody."""

    @contextmanager
    def inject() -> Iterator[None]:
        right = initial.draw

        def draw(*arguments: Any) -> Weights:
            return wrong(right(*arguments))

        with ExitStack() as stack:
            for module in DRAWING:
                stack.enter_context(patch.object(module, "draw", draw))
            yield

    return inject


def too_small(weights: Weights) -> Weights:
    """Shrink all matrices by 20 %."""
    return {k: 0.8 * v if k.endswith(("ih", "hh", "weight")) else v for k, v in weights.items()}


def misplaced(weights: Weights) -> Weights:
    """Give the forget gate's bias to the gate after it."""
    return {k: np.roll(v, len(v) // 4) if "bias_ih" in k else v for k, v in weights.items()}


def alike(weights: Weights) -> Weights:
    """Give two layers the same recurrent matrix."""
    return weights | {"lstm.1.weight_hh": weights.get("lstm.0.weight_hh", np.zeros(0))}


def small_reset() -> AbstractContextManager[object]:
    """Draw the framework's uniform weights 20 % too small."""
    right = nn.init.uniform_

    def uniform(tensor: Tensor, a: float = 0.0, b: float = 1.0) -> Tensor:
        return right(tensor, 0.8 * a, 0.8 * b)

    return patch.object(nn.init, "uniform_", uniform)


def small_orthogonal() -> AbstractContextManager[object]:
    """Draw the framework's orthogonal weights 10 % too small."""
    right = nn.init.orthogonal_

    def orthogonal_(tensor: Tensor) -> Tensor:
        return right(tensor, gain=0.9)

    return patch.object(nn.init, "orthogonal_", orthogonal_)


def one_seed() -> AbstractContextManager[object]:
    """Start the framework's generator anew for every tensor."""
    right = nn.init.uniform_

    def uniform(tensor: Tensor, *arguments: Any, **named: Any) -> Tensor:
        torch.manual_seed(0)
        return right(tensor, *arguments, **named)

    return patch.object(nn.init, "uniform_", uniform)


FAULTS = (
    Fault(
        "one_seed",
        SURFACE,
        "keras#17007",
        "every tensor is drawn from the same seed",
        "module",
        one_seed,
        ("initialisation",),
    ),
    Fault(
        "weights_too_small",
        SURFACE,
        "Flux#73",
        "all weights are 20 % too small",
        "adam",
        drawn(too_small),
        ("initialisation",),
    ),
    Fault(
        "misplaced_forget_bias",
        SURFACE,
        "chainer#3289",
        "the forget gate's bias is given to another gate",
        "adam",
        drawn(misplaced),
        ("initialisation",),
    ),
    *(
        Fault(name, SURFACE, SYNTHETIC, sentence, case, inject, ("initialisation",))
        for name, sentence, case, inject in (
            ("layers_alike", "two layers start with the same weights", "adam", drawn(alike)),
            ("small_reset", "nn.LSTM draws weights 20 % too small", "module", small_reset),
            ("small_orthogonal", "nn.init.orthogonal_ is 10 % low", "module", small_orthogonal),
        )
    ),
)
