"""Adam and SGD once more in Python, in the place of `torch.optim`'s, their parts replaceable."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

import torch
from torch import Tensor
from torch.optim import SGD, Adam, Optimizer

Group = dict[str, Any]


class Python(ABC):
    """Updates each parameter by itself."""

    replaces: type[Optimizer]

    @abstractmethod
    def update(self, gradient: Tensor, group: Group, memory: dict[str, Any]) -> Tensor:
        """Return what a parameter's gradient subtracts from it."""

    def inject(self) -> AbstractContextManager[object]:
        """Let the optimizer that this stands for take its steps with it."""

        def step(optimizer: Optimizer, _closure: None = None) -> None:
            with torch.no_grad():
                for group in optimizer.param_groups:
                    for p in [p for p in group["params"] if p.grad is not None]:
                        gradient = p.grad + group["weight_decay"] * p
                        p.sub_(self.update(gradient, group, optimizer.state[p]))

        return patch.object(self.replaces, "step", step)


def _usual(second: Tensor, correction: float, epsilon: float) -> Tensor:
    return torch.sqrt(second / correction) + epsilon


@dataclass(frozen=True)
class PythonAdam(Python):
    """Kingma & Ba 2015, algorithm 1, unless told otherwise.

    Attributes:
        denominator: of second moment, its bias correction and epsilon.
        corrected: whether moments are corrected for their start at zero.
    """

    denominator: Callable[[Tensor, float, float], Tensor] = _usual
    corrected: bool = True
    replaces = Adam

    def update(self, gradient: Tensor, group: Group, memory: dict[str, Any]) -> Tensor:
        """Return learning rate times first moment over the root of the second."""
        beta1, beta2 = group["betas"]
        count = memory["step"] = memory.get("step", 0) + 1
        first = memory["first"] = beta1 * memory.get("first", 0.0) + (1 - beta1) * gradient
        second = memory["second"] = beta2 * memory.get("second", 0.0) + (1 - beta2) * gradient**2
        corrections = (1 - beta1**count, 1 - beta2**count) if self.corrected else (1.0, 1.0)
        direction = first / corrections[0]
        result: Tensor = (
            group["lr"] * direction / self.denominator(second, corrections[1], group["eps"])
        )
        return result


@dataclass(frozen=True)
class PythonSGD(Python):
    """Momentum as a sum of past gradients, as `torch.optim.SGD`; or as their average."""

    averages: bool = False
    replaces = SGD

    def update(self, gradient: Tensor, group: Group, memory: dict[str, Any]) -> Tensor:
        """Return learning rate times velocity."""
        share = 1 - group["momentum"] if self.averages else 1.0
        past = group["momentum"] * memory.get("velocity", 0.0)
        velocity = memory["velocity"] = past + share * gradient
        result: Tensor = group["lr"] * velocity
        return result
