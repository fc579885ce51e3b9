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
from harness.selftest.fault import Fault, Inject

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
    ),
    Fault(
        "weights_too_small",
        SURFACE,
        "Flux#73",
        "all weights are 20 % too small",
        "adam",
        drawn(too_small),
    ),
    Fault(
        "misplaced_forget_bias",
        SURFACE,
        "chainer#3289",
        "the forget gate's bias is given to another gate",
        "adam",
        drawn(misplaced),
    ),
)
