"""The optimizers: what each takes, and the learning rates at which a probe can watch it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

OptimizerName = Literal["adam", "adamw", "rmsprop", "sgd"]


@dataclass(frozen=True)
class Optimizer:
    """The facts about one optimizer.

    Attributes:
        momentum, epsilon: whether it takes `training.momentum` and `training.epsilon`.
        decoupled_decay: whether weight decay acts on the weights; else it joins the gradient.
        probe_rate: a rate at which float32 resolves an update of the probes' small case.
        small_gradient_rate: the same for gradients about as small as epsilon, from 1e-9 up.
    """

    probe_rate: float
    small_gradient_rate: float
    momentum: bool = False
    epsilon: bool = True
    decoupled_decay: bool = False


OPTIMIZERS: Mapping[OptimizerName, Optimizer] = {
    "adam": Optimizer(1e-2, 1e-4),
    "adamw": Optimizer(1e-2, 1e-4, decoupled_decay=True),
    "rmsprop": Optimizer(1e-3, 1e-5, momentum=True),
    "sgd": Optimizer(0.5, 0.5, momentum=True, epsilon=False),
}


def unused_by(name: object) -> set[str]:
    """Return the numbers of `[training]` that an optimizer does not take; none of an unknown."""
    return {
        key
        for word, optimizer in OPTIMIZERS.items()
        for key in ("momentum", "epsilon")
        if word == name and not getattr(optimizer, key)
    }


def optimizers_with(fact: Callable[[Optimizer], bool]) -> str:
    """Return the names of which ``fact`` is true, as a list in a sentence: ``a, b and c``."""
    *names, last = (name for name, optimizer in OPTIMIZERS.items() if fact(optimizer))
    return f"{', '.join(names)} and {last}" if names else last
