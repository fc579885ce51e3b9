"""Faults in the learning rate's course, and in clipping."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from unittest.mock import patch

from torch import nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR

from harness.selftest.fault import Fault


def stepped_twice() -> AbstractContextManager[object]:
    """Advance by two, but for the step with which a schedule starts."""
    right = LambdaLR.step

    def step(scheduler: LambdaLR) -> None:
        right(scheduler)
        if scheduler.last_epoch:
            right(scheduler)

    return patch.object(LambdaLR, "step", step)


def starts_late() -> AbstractContextManager[object]:
    """Begin with the second value."""
    right = LambdaLR.__init__

    def start(scheduler: LambdaLR, optimizer: Optimizer, factor: Callable[[int], float]) -> None:
        right(scheduler, optimizer, lambda step: factor(step + 1))

    return patch.object(LambdaLR, "__init__", start)


def unclipped() -> AbstractContextManager[object]:
    """Leave the gradient as long as it is."""
    return patch.object(nn.utils, "clip_grad_norm_", lambda *_, **__: None)


FAULTS = (
    Fault(
        "schedule_twice",
        "schedule",
        "accelerate#2142",
        "the schedule advances twice as fast",
        "schedule",
        stepped_twice,
        ("schedule", "reference_steps"),
    ),
    Fault(
        "schedule_late",
        "schedule",
        "pytorch#23480",
        "the schedule starts at its second value",
        "schedule",
        starts_late,
        ("schedule", "reference_steps"),
    ),
    Fault(
        "unclipped",
        "clipping",
        "accelerate#641",
        "clipping is ignored",
        "clipping",
        unclipped,
        ("clipping", "reference_steps"),
    ),
)
