"""`torch.optim`'s optimisers over a parameter matrix, each seed with its own numbers.

The formulas are those of `torch.optim` 2.x, operation by operation; what differs between seeds is
a column `[seeds, 1]`.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import final

import torch
from torch import Tensor

from harness.scenario import Training

ADAM_BETAS = (0.9, 0.999)
"""`torch.optim.Adam`'s defaults."""

RMSPROP_ALPHA = 0.99
"""`torch.optim.RMSprop`'s default."""

NADAM_MOMENTUM_DECAY = 4e-3
"""`torch.optim.NAdam`'s default."""

ADADELTA_RHO = 0.9
"""`torch.optim.Adadelta`'s default."""

CLIP_EPSILON = 1e-6
"""Added to the norm by `torch.nn.utils.clip_grad_norm_`."""


class BatchedOptimizer(ABC):
    """Updates parameters `[seeds, parameters]` in place. Subclasses are final.

    Attributes:
        state: running averages, each as large as the parameters.
        update: where a step's direction is made; a fresh array would cost page faults.
    """

    averages: int

    def __init__(self, trainings: Sequence[Training], parameters: Tensor) -> None:
        def column(value: Callable[[Training], float]) -> Tensor:
            return parameters.new_tensor([[value(training)] for training in trainings])

        self.decay = column(lambda training: training.weight_decay)
        self.momentum = column(lambda training: training.momentum)
        self.epsilon = column(lambda training: training.epsilon)
        self.largest = column(lambda training: training.clip_norm or 0.0)
        first = trainings[0]
        self.clips, self.decays = first.clip_norm is not None, first.weight_decay > 0
        self.moves, self.looks_ahead = first.momentum > 0, first.nesterov
        self.state = [torch.zeros_like(parameters) for _ in range(self.averages)]
        self.update = torch.empty_like(parameters)
        self.steps = 0

    def keep(self, rows: Tensor) -> None:
        """Forget all seeds but those with these row numbers."""
        self.state = [average[rows] for average in self.state]
        self.update = self.update[rows]
        self.decay, self.momentum = self.decay[rows], self.momentum[rows]
        self.epsilon, self.largest = self.epsilon[rows], self.largest[rows]

    def step(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        """Clip each seed's gradient (in place) and take one step at ``rate`` `[seeds, 1]`."""
        self.steps += 1
        if self.clips:
            norm = torch.linalg.vector_norm(gradients, dim=1, keepdim=True)
            gradients.mul_((self.largest / (norm + CLIP_EPSILON)).clamp_(max=1.0))
        self._update(parameters, gradients, rate)

    def _decayed(self, parameters: Tensor, gradients: Tensor) -> Tensor:
        return torch.addcmul(gradients, parameters, self.decay) if self.decays else gradients

    @abstractmethod
    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None: ...


class _AdamStep(BatchedOptimizer):
    averages = 2

    def _moments(self, gradients: Tensor) -> tuple[Tensor, Tensor]:
        """Return the averages of gradients and of their squares, these gradients included."""
        first, second = self.state
        beta1, beta2 = ADAM_BETAS
        first.lerp_(gradients, 1 - beta1)
        second.mul_(beta2).addcmul_(gradients, gradients, value=1 - beta2)
        return first, second

    def _adam(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        first, second = self._moments(gradients)
        beta1, beta2 = ADAM_BETAS
        correction1, correction2 = 1 - beta1**self.steps, 1 - beta2**self.steps
        update = torch.sqrt(second, out=self.update)
        torch.add(self.epsilon, update, alpha=correction2**-0.5, out=update)
        torch.div(first, update, out=update)
        parameters.addcmul_(update, rate, value=-1 / correction1)


@final
class Adam(_AdamStep):
    """Kingma & Ba 2015, weight decay as L2."""

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        self._adam(parameters, self._decayed(parameters, gradients), rate)


@final
class AdamW(_AdamStep):
    """Loshchilov & Hutter 2019, decoupled weight decay."""

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        if self.decays:
            parameters.mul_(1 - rate * self.decay)
        self._adam(parameters, gradients, rate)


@final
class NAdam(_AdamStep):
    """Dozat 2016, with the momentum rising as in `torch.optim.NAdam`."""

    def __init__(self, trainings: Sequence[Training], parameters: Tensor) -> None:
        super().__init__(trainings, parameters)
        self.product = 1.0

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        gradients = self._decayed(parameters, gradients)
        first, second = self._moments(gradients)
        now, following = _nadam_momentum(self.steps), _nadam_momentum(self.steps + 1)
        self.product *= now
        root = torch.sqrt(second / (1 - ADAM_BETAS[1] ** self.steps)).add_(self.epsilon)
        update = torch.mul(gradients, (1 - now) / (1 - self.product), out=self.update)
        update.add_(first, alpha=following / (1 - self.product * following)).div_(root)
        parameters.addcmul_(update, rate, value=-1)


def _nadam_momentum(step: int) -> float:
    return ADAM_BETAS[0] * (1 - 0.5 * math.pow(0.96, step * NADAM_MOMENTUM_DECAY))


@final
class RAdam(_AdamStep):
    """Liu et al. 2020: no division by the root before its variance is known."""

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        first, second = self._moments(self._decayed(parameters, gradients))
        beta1, beta2 = ADAM_BETAS
        correction1, correction2 = 1 - beta1**self.steps, 1 - beta2**self.steps
        most = 2 / (1 - beta2) - 1
        length = most - 2 * self.steps * beta2**self.steps / correction2
        update, factor = torch.div(first, correction1, out=self.update), 1.0
        if length > 5:  # noqa: PLR2004  # as in `torch.optim.RAdam`
            over = (length - 4) * (length - 2) * most
            factor = (over / ((most - 4) * (most - 2) * length) * correction2) ** 0.5
            update.div_(torch.sqrt(second).add_(self.epsilon))
        parameters.addcmul_(update, rate, value=-factor)


@final
class Adamax(BatchedOptimizer):
    """Kingma & Ba 2015, algorithm 2."""

    averages = 2

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        gradients = self._decayed(parameters, gradients)
        first, largest = self.state
        beta1, beta2 = ADAM_BETAS
        first.lerp_(gradients, 1 - beta1)
        size = torch.abs(gradients, out=self.update).add_(self.epsilon)
        torch.maximum(largest.mul_(beta2), size, out=largest)
        update = torch.div(first, largest, out=self.update)
        parameters.addcmul_(update, rate, value=-1 / (1 - beta1**self.steps))


@final
class Adagrad(BatchedOptimizer):
    """Duchi et al. 2011."""

    averages = 1

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        gradients = self._decayed(parameters, gradients)
        squares = self.state[0].addcmul_(gradients, gradients)
        root = torch.sqrt(squares, out=self.update).add_(self.epsilon)
        parameters.addcmul_(torch.div(gradients, root, out=root), rate, value=-1)


@final
class Adadelta(BatchedOptimizer):
    """Zeiler 2012."""

    averages = 2

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        gradients = self._decayed(parameters, gradients)
        square, moved = self.state
        square.mul_(ADADELTA_RHO).addcmul_(gradients, gradients, value=1 - ADADELTA_RHO)
        update = torch.add(moved, self.epsilon, out=self.update).sqrt_()
        update.div_(torch.add(square, self.epsilon).sqrt_()).mul_(gradients)
        moved.mul_(ADADELTA_RHO).addcmul_(update, update, value=1 - ADADELTA_RHO)
        parameters.addcmul_(update, rate, value=-1)


@final
class RMSprop(BatchedOptimizer):
    """Tieleman & Hinton 2012, with momentum."""

    averages = 2

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        gradients = self._decayed(parameters, gradients)
        square, velocity = self.state
        square.mul_(RMSPROP_ALPHA).addcmul_(gradients, gradients, value=1 - RMSPROP_ALPHA)
        update = torch.sqrt(square, out=self.update).add_(self.epsilon)
        torch.div(gradients, update, out=update)
        if self.moves:
            update = velocity.mul_(self.momentum).add_(update)
        parameters.addcmul_(update, rate, value=-1)


@final
class SGD(BatchedOptimizer):
    """Gradient descent, with momentum as a sum (Sutskever et al. 2013)."""

    averages = 1

    def _update(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        update = gradients = self._decayed(parameters, gradients)
        if self.moves:
            update = self.state[0].mul_(self.momentum).add_(update)
        if self.looks_ahead:
            update = torch.addcmul(gradients, update, self.momentum, out=self.update)
        parameters.addcmul_(update, rate, value=-1)


OPTIMIZERS: Mapping[str, Callable[[Sequence[Training], Tensor], BatchedOptimizer]] = {
    "adadelta": Adadelta,
    "adagrad": Adagrad,
    "adam": Adam,
    "adamax": Adamax,
    "adamw": AdamW,
    "nadam": NAdam,
    "radam": RAdam,
    "rmsprop": RMSprop,
    "sgd": SGD,
}
