"""The optimizers: what each takes, and the learning rates at which a probe can watch it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator, WithJsonSchema

from harness.scenario.vocabulary.spelling import nearest
from harness.user_code import REFERENCE

OptimizerName = Literal[
    "adadelta", "adagrad", "adam", "adamax", "adamw", "nadam", "radam", "rmsprop", "sgd"
]
"""Those of `torch.optim` whose arguments are plain numbers and whose update is a smooth function
of the gradient: Rprop reads its sign only, and SparseAdam, LBFGS and Muon ask for other gradients,
a closure or matrices."""


@dataclass(frozen=True)
class Optimizer:
    """The facts about one optimizer.

    Attributes:
        momentum, nesterov: whether it takes `training.momentum` and `training.nesterov`.
        epsilon: what `torch.optim` adds to a denominator by default; ``None``: it has none.
        decoupled_decay: whether weight decay acts on the weights; else it joins the gradient.
        rounded_state: PyTorch keeps a factor of each update in float32, whatever the type.
        probe_rate: a rate at which float32 resolves an update of the probes' small case.
        small_gradient_rate: the same for gradients about as small as epsilon, from 1e-9 up.
    """

    probe_rate: float
    small_gradient_rate: float
    momentum: bool = False
    nesterov: bool = False
    epsilon: float | None = 1e-8
    decoupled_decay: bool = False
    rounded_state: bool = False


OPTIMIZERS: Mapping[str, Optimizer] = {
    "adadelta": Optimizer(1.0, 1.0, epsilon=1e-6),
    "adagrad": Optimizer(1e-2, 1e-4, epsilon=1e-10),
    "adam": Optimizer(1e-2, 1e-4),
    "adamax": Optimizer(1e-2, 1e-4),
    "adamw": Optimizer(1e-2, 1e-4, decoupled_decay=True),
    "nadam": Optimizer(1e-2, 1e-4, rounded_state=True),  # the product of its momenta
    "radam": Optimizer(1e-2, 1e-2),
    "rmsprop": Optimizer(1e-3, 1e-5, momentum=True),
    "sgd": Optimizer(0.5, 0.5, momentum=True, nesterov=True, epsilon=None),
}
USUAL_EPSILON = 1e-8
"""What most of them add."""


BY_REFERENCE = ("ASGD", "Adafactor", "Rprop")
"""Others of `torch.optim` that train any model; they are named like one's own."""

NOT_OF_A_LOOP: Mapping[str, str] = {
    "LBFGS": "its step needs a closure that computes the loss again",
    "Muon": "it takes matrices only, and layers have biases",
    "SparseAdam": "it takes sparse gradients only",
}
"""Those of `torch.optim` that an ordinary loop over all parameters cannot step."""


def _known_or_own(name: object) -> object:
    """Return the name of an optimizer.

    Raises:
        ValueError: if it is of none, or of one that cannot train here.
    """
    text = str(name)
    others = {other.casefold(): other for other in (*BY_REFERENCE, *NOT_OF_A_LOOP)}
    other = others.get(text.removeprefix("torch.optim:").casefold())
    if other is not None and other in NOT_OF_A_LOOP:
        raise ValueError(f"{text!r} cannot train here: {NOT_OF_A_LOOP[other]}")
    if isinstance(name, str) and (name in OPTIMIZERS or re.match(REFERENCE, name)):
        return name
    if other is not None:
        raise ValueError(f'unknown value {name!r}; did you mean "torch.optim:{other}"?')
    raise ValueError(
        f'unknown value {name!r}{nearest(text, OPTIMIZERS)} (others: "package.module:name")'
    )


OptimizerChoice = Annotated[
    str,
    BeforeValidator(_known_or_own),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "enum": list(get_args(OptimizerName))},
                {"type": "string", "pattern": REFERENCE},
            ]
        }
    ),
]
"""The name of an optimizer, or ``"package.module:name"`` of the user's own."""


def unused_by(name: object) -> set[str]:
    """Return the numbers of `[training]` that an optimizer does not take; none of an unknown.

    The user's own is given the learning rate and no other.
    """
    if isinstance(name, str) and ":" in name:
        return {"momentum", "nesterov", "epsilon", "weight_decay"}
    return {
        key
        for word, optimizer in OPTIMIZERS.items()
        for key in ("momentum", "nesterov", "epsilon")
        if word == name and not getattr(optimizer, key)
    }


def optimizers_with(fact: Callable[[Optimizer], bool]) -> str:
    """Return the names of which ``fact`` is true, as a list in a sentence: ``a, b and c``."""
    *names, last = (name for name, optimizer in OPTIMIZERS.items() if fact(optimizer))
    return f"{', '.join(names)} and {last}" if names else last


def usual_epsilon(name: object) -> float:
    """Return what an optimizer of this name adds unless told otherwise, as `torch.optim` does."""
    known = (optimizer.epsilon for word, optimizer in OPTIMIZERS.items() if word == name)
    return next(known, None) or USUAL_EPSILON


def own_epsilons() -> str:
    """Return what those add that add another epsilon than most: ``1e-10 for adagrad``."""
    others = {name: facts.epsilon for name, facts in OPTIMIZERS.items()}
    return " and ".join(
        f"{epsilon:g} for {name}"
        for name, epsilon in others.items()
        if epsilon not in (None, USUAL_EPSILON)
    )
