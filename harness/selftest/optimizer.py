"""Faults in how a gradient becomes an update."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, contextmanager
from typing import Any
from unittest.mock import patch
from weakref import WeakKeyDictionary

import torch
from torch import Tensor
from torch.optim import SGD, Adam, AdamW, Optimizer

from harness.selftest.fault import SYNTHETIC, Fault, Inject
from harness.selftest.python_optimizers import PythonAdam, PythonSGD

SURFACE = "optimizer"

LOST_EVERY, SKIPPED_EVERY, TIRED_AFTER = 50, 20, 110

Step = Callable[[Optimizer], object]


def around(kind: type[Optimizer], wrong: Callable[[Optimizer, Step], None]) -> Inject:
    """Let ``wrong`` decide how an optimizer of a kind takes its step."""

    def inject() -> AbstractContextManager[object]:
        right = kind.step

        def step(optimizer: Optimizer, _closure: None = None) -> None:
            wrong(optimizer, right)

        return patch.object(kind, "step", step)

    return inject


def counted(wrong: Callable[[Optimizer, Step, int], None]) -> Inject:
    """Let ``wrong`` know how many steps an Adam has been asked for."""

    def inject() -> AbstractContextManager[object]:
        asked: WeakKeyDictionary[Optimizer, int] = WeakKeyDictionary()

        def step(optimizer: Optimizer, right: Step) -> None:
            asked[optimizer] = asked.get(optimizer, 0) + 1
            wrong(optimizer, right, asked[optimizer])

        return around(Adam, step)()

    return inject


@contextmanager
def setting(optimizer: Optimizer, name: str, change: Callable[[float], float]) -> Any:
    """Change a hyperparameter for the length of a step."""
    kept = [group[name] for group in optimizer.param_groups]
    for group, value in zip(optimizer.param_groups, kept, strict=True):
        group[name] = change(value)
    yield
    for group, value in zip(optimizer.param_groups, kept, strict=True):
        group[name] = value


def leaves_one(optimizer: Optimizer, right: Step) -> None:
    """Update all tensors but the second one."""
    left = optimizer.param_groups[0]["params"][1]
    kept = left.detach().clone()
    right(optimizer)
    with torch.no_grad():
        left.copy_(kept)


def counts_twice(optimizer: Optimizer, right: Step) -> None:
    """Let the bias correction see every step as two."""
    for memory in optimizer.state.values():
        memory["step"] += 1
    right(optimizer)


def too_slow(share: float) -> Callable[[Optimizer, Step], None]:
    """Lose a share of the learning rate."""

    def wrong(optimizer: Optimizer, right: Step) -> None:
        with setting(optimizer, "lr", lambda rate: (1 - share) * rate):
            right(optimizer)

    return wrong


def skips(optimizer: Optimizer, right: Step, number: int) -> None:
    """Take 19 steps of 20."""
    if number % SKIPPED_EVERY:
        right(optimizer)


def forgets(optimizer: Optimizer, right: Step, number: int) -> None:
    """Drop what was learned about the gradients, as a reload without it does."""
    if number % LOST_EVERY == 0:
        optimizer.state.clear()
    right(optimizer)


def coupled(optimizer: Optimizer, right: Step) -> None:
    """Add the decay to the gradient, where Adam divides it away."""
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = p.grad + group["weight_decay"] * p.detach()
    with setting(optimizer, "weight_decay", lambda _: 0.0):
        right(optimizer)


def decoupled(optimizer: Optimizer, right: Step) -> None:
    """Shrink the weights by themselves, where the decay belongs into the gradient."""
    with torch.no_grad():
        for group in optimizer.param_groups:
            for p in group["params"]:
                p.mul_(1 - group["lr"] * group["weight_decay"])
    with setting(optimizer, "weight_decay", lambda _: 0.0):
        right(optimizer)


def inside_the_root(second: Tensor, correction: float, epsilon: float) -> Tensor:
    """Add epsilon to the second moment instead of its root."""
    return torch.sqrt(second / correction + epsilon)


def scaled_epsilon(second: Tensor, correction: float, epsilon: float) -> Tensor:
    """Correct the bias of epsilon too."""
    return (torch.sqrt(second) + epsilon) / math.sqrt(correction)


def never_zeroed() -> AbstractContextManager[object]:
    """Let gradients add up from step to step."""
    return patch.object(Optimizer, "zero_grad", lambda *_, **__: None)


def keeps_largest(optimizer: Optimizer, right: Step) -> None:
    """Divide by the largest mean square so far, as AMSGrad does."""
    with setting(optimizer, "amsgrad", lambda _: True):
        right(optimizer)


def stops_counting(optimizer: Optimizer, right: Step) -> None:
    """Count steps up to 256 only, as bfloat16 does."""
    for memory in optimizer.state.values():
        memory["step"].clamp_(max=255)
    right(optimizer)


def tires(optimizer: Optimizer, right: Step, number: int) -> None:
    """Halve the rate after 110 steps."""
    too_slow(0.5 if number > TIRED_AFTER else 0.0)(optimizer, right)


STEPS = ("reference_steps", "small_gradients", "optimizer")


def _fault(
    name: str,
    source: str,
    sentence: str,
    inject: Inject,
    case: str = "adam",
    probes: tuple[str, ...] = STEPS,
) -> Fault:
    return Fault(name, SURFACE, source, sentence, case, inject, probes)


FAULTS = (
    _fault(
        "tensor_left_out", "pytorch#118115", "one tensor is never updated", around(Adam, leaves_one)
    ),
    _fault(
        "no_bias_correction",
        "bert#153",
        "Adam's moments are not corrected for their start at zero",
        PythonAdam(corrected=False).inject,
    ),
    _fault(
        "step_counted_twice",
        "tensorflow#36340",
        "Adam counts every step as two",
        around(Adam, counts_twice),
    ),
    _fault(
        "epsilon_inside_root",
        "keras#17391",
        "epsilon is added before the root is taken",
        PythonAdam(denominator=inside_the_root).inject,
    ),
    _fault(
        "scaled_epsilon",
        "pytorch PR 22628",
        "epsilon is divided by the bias correction too",
        PythonAdam(denominator=scaled_epsilon).inject,
    ),
    *(
        _fault(
            f"rate_{percent}_percent_low",
            "many",
            f"the effective learning rate is {percent} % too small",
            around(Adam, too_slow(percent / 100)),
        )
        for percent in (2, 5, 10)
    ),
    _fault(
        "sgd_rate_2_percent_low",
        "many",
        "the effective learning rate of SGD is 2 % too small",
        around(SGD, too_slow(0.02)),
        "sgd",
    ),
    _fault("skipped_update", "pytorch#88258", "1 update in 20 is skipped", counted(skips)),
    _fault(
        "lost_moments",
        "KempnerForge PR 115",
        "moments are lost every 50 steps",
        counted(forgets),
        probes=("optimizer",),
    ),
    _fault(
        "decay_as_l2",
        "FlagGems#4988",
        "decoupled weight decay goes through the gradient",
        around(AdamW, coupled),
        "adamw",
    ),
    _fault(
        "l2_as_decay",
        "FlagGems#4988",
        "the L2 penalty shrinks the weights directly",
        around(Adam, decoupled),
        "adam_l2",
    ),
    _fault(
        "averaged_momentum",
        "mlx PR 87",
        "momentum averages the gradients instead of adding them up",
        PythonSGD(averages=True).inject,
        "sgd",
    ),
    _fault(
        "never_zeroed",
        "Element-Research/rnn#3",
        "gradients are never zeroed",
        never_zeroed,
        probes=("reference_steps", "small_gradients", "zeroing"),
    ),
    *(
        _fault(name, SYNTHETIC, sentence, inject, probes=("optimizer",))
        for name, sentence, inject in (
            ("amsgrad", "Adam divides by the largest mean square", around(Adam, keeps_largest)),
            ("step_counter_stops", "Adam counts 256 steps only", around(Adam, stops_counting)),
            ("rate_halved_late", "the learning rate halves after 110 steps", counted(tires)),
        )
    ),
)
