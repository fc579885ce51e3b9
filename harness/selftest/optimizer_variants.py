"""Faults in optimizers other than Adam and SGD, and in schedules that rise, wait or look ahead."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from torch import Tensor
from torch.optim import SGD, Adagrad, NAdam, Optimizer
from torch.optim.lr_scheduler import LambdaLR, ReduceLROnPlateau

from harness.selftest.cases import BATCH, RECORDS
from harness.selftest.fault import Fault
from harness.selftest.optimizer import STEPS, SURFACE, Step, around, decoupled, setting
from harness.selftest.python_optimizers import Group, Python


@dataclass(frozen=True)
class PythonNAdam(Python):
    """Dozat 2016 as in PyTorch; ``twice`` counts the momentum of a step twice in the next one's."""

    twice: bool = False
    replaces = NAdam

    def update(self, gradient: Tensor, group: Group, memory: dict[str, Any]) -> Tensor:
        """Return learning rate times the step."""
        beta1, beta2 = group["betas"]
        count = memory["step"] = memory.get("step", 0) + 1
        first = memory["first"] = beta1 * memory.get("first", 0.0) + (1 - beta1) * gradient
        second = memory["second"] = beta2 * memory.get("second", 0.0) + (1 - beta2) * gradient**2
        now, following = (
            beta1 * (1 - 0.5 * 0.96 ** (step * group["momentum_decay"]))
            for step in (count, count + 1)
        )
        past = memory["past"] = memory.get("past", 1.0) * now
        next_past = past * following * (now if self.twice else 1.0)
        ahead = (1 - now) / (1 - past) * gradient + following / (1 - next_past) * first
        root = (second / (1 - beta2**count)).sqrt() + group["eps"]
        result: Tensor = group["lr"] * ahead / root
        return result


@dataclass(frozen=True)
class PythonNesterov(Python):
    """Sutskever et al. 2013; ``sign`` says which way the momentum counts in the look ahead."""

    sign: int = 1
    replaces = SGD

    def update(self, gradient: Tensor, group: Group, memory: dict[str, Any]) -> Tensor:
        """Return learning rate times gradient and velocity."""
        velocity = memory["velocity"] = group["momentum"] * memory.get("velocity", 0.0) + gradient
        result: Tensor = group["lr"] * (gradient + self.sign * group["momentum"] * velocity)
        return result


def decay_scales(optimizer: Optimizer, right: Step) -> None:
    """Multiply the gradient by what decay should add to it."""
    for group in optimizer.param_groups:
        for p in group["params"]:
            p.grad = p.grad * (1 + group["weight_decay"] * p.detach())
    with setting(optimizer, "weight_decay", lambda _: 0.0):
        right(optimizer)


def impatient() -> AbstractContextManager[object]:
    """Lower the rate an epoch too early."""
    right = ReduceLROnPlateau.__init__

    def start(scheduler: ReduceLROnPlateau, optimizer: Optimizer, **named: Any) -> None:
        right(scheduler, optimizer, **named | {"patience": named["patience"] - 1})

    return patch.object(ReduceLROnPlateau, "__init__", start)


def once_an_epoch() -> AbstractContextManager[object]:
    """Advance with epochs where steps are meant."""
    right, steps = LambdaLR.__init__, -(-RECORDS // BATCH)

    def start(scheduler: LambdaLR, optimizer: Optimizer, factor: Callable[[int], float]) -> None:
        right(scheduler, optimizer, lambda step: factor(step // steps))

    return patch.object(LambdaLR, "__init__", start)


FAULTS = (
    *(
        Fault(name, SURFACE, source, sentence, case, inject, STEPS)
        for name, source, sentence, case, inject in (
            (
                "nadam_momentum_twice",
                "pytorch PR 92699",
                "NAdam counts a step's momentum twice in that of the next",
                "nadam",
                PythonNAdam(twice=True).inject,
            ),
            (
                "nadam_decay_scales",
                "mxnet#8925",
                "NAdam's weight decay scales the gradient",
                "nadam",
                around(NAdam, decay_scales),
            ),
            (
                "nesterov_backwards",
                "Paddle PR 12231",
                "Nesterov's momentum counts backwards in the look ahead",
                "nesterov",
                PythonNesterov(sign=-1).inject,
            ),
            (
                "adagrad_decay_apart",
                "Paddle PR 4743",
                "Adagrad's decay shrinks the weights and is in no sum",
                "adagrad",
                around(Adagrad, decoupled),
            ),
        )
    ),
    Fault(
        "plateau_early",
        "schedule",
        "aprender PR 2135",
        "the rate falls an epoch before patience is over",
        "plateau",
        impatient,
        ("schedule",),
    ),
    Fault(
        "one_cycle_by_epochs",
        "schedule",
        "pytorch#65417",
        "a schedule made for steps advances once an epoch",
        "one_cycle",
        once_an_epoch,
        ("schedule", "reference_steps"),
    ),
)
