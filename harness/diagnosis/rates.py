"""Which learning rates are usual for which optimizer."""

from collections.abc import Callable
from typing import Any

from harness.diagnosis.observations import Optimizer

ADAPTIVE = ("adam", "rmsprop", "adagrad", "nadam", "radam", "adamax", "lion", "adafactor", "ftrl")

USUAL: dict[str, tuple[float, float]] = {
    "adaptive": (2e-4, 3e-2),
    "sgd": (5e-3, 1.0),
}
"""Lowest and highest rate that tutorials and defaults use: Adam 1e-3 (PyTorch, Keras; Kingma and
Ba 2015), a factor of five below and thirty above, as small recurrent networks still train at
3e-2; SGD 1e-2 in Keras, 0.1 in ResNet, and 1 for plain SGD on small recurrent networks."""


HEAVY = 3.0
"""Highest usual rate over what momentum leaves of a gradient: 0.3 at the usual momentum of 0.9, as
the steps of many updates add up to rate / (1 - momentum)."""

DUCHI_AND_ZEILER: dict[str, tuple[float, float]] = {
    "adagrad": (5e-3, 1.0),
    "adadelta": (0.2, 100.0),
}
"""Adagrad's steps only shrink: PyTorch's default is 1e-2, halved; up to 1 in Duchi et al. 2011.
Adadelta finds the size of its steps itself and is meant to run at 1 (Zeiler 2012; PyTorch), a
factor of five below. Keras' defaults, 1e-3 for both, lie below either."""


def usual(optimizer: Optimizer) -> tuple[float, float] | None:
    """Lowest and highest usual rate, ``None`` for optimizers that choose their own."""
    name = optimizer.name
    if any(kind in name for kind in ("lbfgs", "rprop")):
        return None
    if name in DUCHI_AND_ZEILER:
        return DUCHI_AND_ZEILER[name]
    if "lion" in name:
        return 3e-5, 3e-3
    if any(kind in name for kind in ADAPTIVE):
        return USUAL["adaptive"]
    low, high = USUAL["sgd"]
    room = 1 - optimizer.momentum
    heavy = 0.3 if optimizer.momentum <= 0.9 else HEAVY * room  # noqa: PLR2004 - the usual one
    return low * room, max(high * room, heavy) if optimizer.momentum else high


def raised(rate: Any, bounds: tuple[float, float], larger: Callable[[Any, Any], Any] = max) -> Any:
    """A rate to try instead of one that is too low: ten times it, and within what is usual.

    Args:
        rate: a number, or a framework's.
        bounds: lowest and highest usual rate.
        larger: of two such rates.
    """
    return larger(10 * rate, 5 * bounds[0])


def lowered(
    rate: Any, bounds: tuple[float, float], smaller: Callable[[Any, Any], Any] = min
) -> Any:
    """A rate to try instead of one that is too high: a tenth of it, or of the highest usual.

    Args:
        rate: a number, or a framework's.
        bounds: lowest and highest usual rate.
        smaller: of two such rates.
    """
    return smaller(rate, bounds[1]) / 10


ANY = 0.0, float("inf")
"""Bounds where nothing is known of an optimizer."""
