"""What is written down of updates between close looks: losses, rates and modes, no more."""

import math
from typing import TYPE_CHECKING, Any

import torch

from harness.diagnosis.watch.records import Call, Pair, Pending

if TYPE_CHECKING:
    from harness.diagnosis.watch.torch_updates import Updates


class Resting:
    """Takes notes of a training whose loop is known already, in a few microseconds an update.

    Args:
        made: the updates so far, of one training.
    """

    def __init__(self, made: "Updates") -> None:
        self.made = made
        self.training = made.trainings[0]
        self.calls: list[tuple[torch.nn.Module, tuple[Any, ...], Any, bool]] = []
        self.pairs: list[tuple[Any, ...]] = []
        self.backwards: list[Any] = []

    def take_over(self) -> Pending:
        """What happened since the last update, for a closer look."""
        pending = Pending(
            calls=[Call(*call) for call in self.calls],
            pairs=[Pair(*pair) for pair in self.pairs],
            backwards=[b.detach() for b in self.backwards if isinstance(b, torch.Tensor)],
        )
        self._forget()
        return pending

    def updated(self, optimizer: torch.optim.Optimizer) -> bool:
        """An update was made; returns whether it was one like all others, and is written down."""
        training = self.training
        if training.optimizer is not optimizer or len(self.backwards) != 1 or len(self.pairs) != 1:
            return False
        value, objective = self.pairs[0][3], self.backwards[0]
        loss = _number(value)
        minimised = loss if objective is value else _number(objective)
        if loss is None or minimised is None:
            return False
        training.losses.append(loss)
        training.objective.append(minimised)
        training.rates.append(float(optimizer.param_groups[0]["lr"]))
        training.passes += len(self.calls)
        for call in self.calls:
            training.in_eval += not call[3]
        self._forget()
        self.made.counted(training)
        return True

    def _forget(self) -> None:
        self.calls.clear()
        self.pairs.clear()
        self.backwards.clear()


def _number(value: Any) -> float | torch.Tensor | None:
    """A loss that is one number: read where nobody waits for that, ``None`` if it is not finite."""
    if not isinstance(value, torch.Tensor) or value.numel() != 1:
        return None
    if not value.is_cpu:
        return value.detach()
    number = value.item()
    return number if math.isfinite(number) else None
