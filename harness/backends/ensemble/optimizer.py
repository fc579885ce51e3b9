"""`torch.optim`'s optimisers over a parameter matrix, each seed with its own numbers.

The formulas are those of `torch.optim` 2.x, operation by operation; what differs between seeds is
a column `[seeds, 1]`.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import final

import torch
from torch import Tensor

from harness.scenario import Training
from harness.scenario.vocabulary import OptimizerName

ADAM_BETAS = (0.9, 0.999)
"""`torch.optim.Adam`'s defaults."""

RMSPROP_ALPHA = 0.99
"""`torch.optim.RMSprop`'s default."""

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
        self.moves = first.momentum > 0
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

    def _adam(self, parameters: Tensor, gradients: Tensor, rate: Tensor) -> None:
        first, second = self.state
        beta1, beta2 = ADAM_BETAS
        first.lerp_(gradients, 1 - beta1)
        second.mul_(beta2).addcmul_(gradients, gradients, value=1 - beta2)
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
        update = self._decayed(parameters, gradients)
        if self.moves:
            update = self.state[0].mul_(self.momentum).add_(update)
        parameters.addcmul_(update, rate, value=-1)


OPTIMIZERS: Mapping[OptimizerName, Callable[[Sequence[Training], Tensor], BatchedOptimizer]] = {
    "adam": Adam,
    "adamw": AdamW,
    "rmsprop": RMSprop,
    "sgd": SGD,
}
