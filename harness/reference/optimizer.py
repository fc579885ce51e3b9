"""The declared optimizers, one update at a time, from the papers and the PyTorch reference pages.

An update changes the weights in place; weights and gradients are dictionaries of arrays. Weight
decay is L2 (added to the gradient) for all but adamw, where it is decoupled.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from harness.reference.activation import Array
from harness.scenario import Training
from harness.scenario.vocabulary import OptimizerName

Arrays = Mapping[str, Array]


@dataclass
class Optimizer(ABC):
    """Keeps what it remembers of each weight between updates."""

    training: Training
    steps: int = 0
    memory: dict[str, Array] = field(default_factory=dict)

    def update(self, weights: Arrays, gradients: Arrays, rate: float) -> None:
        """Change ``weights`` in place by one step of the learning rate ``rate``."""
        self.steps += 1
        for name, weight in weights.items():
            weight -= rate * self.direction(name, weight, gradients[name])  # noqa: PLW2901  # in place

    @abstractmethod
    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return what a step subtracts, in units of the learning rate."""

    def with_l2(self, weight: Array, gradient: Array) -> Array:
        """Return the gradient of the loss plus ``weight_decay / 2 * |weight|^2``."""
        return gradient + self.training.weight_decay * weight

    def average(self, what: str, sample: Array, keep: float) -> Array:
        """Return the exponential moving average of ``what``, which started at zero."""
        old = self.memory.get(what, np.zeros_like(sample))
        self.memory[what] = keep * old + (1 - keep) * sample
        return self.memory[what]

    def momentum(self, name: str, sample: Array) -> Array:
        """Return the sum of all samples, each step back counting ``momentum`` times as much."""
        old = self.memory.get(f"{name}.momentum", np.zeros_like(sample))
        self.memory[f"{name}.momentum"] = self.training.momentum * old + sample
        return self.memory[f"{name}.momentum"]


class Adam(Optimizer):
    """Kingma & Ba 2015 (arXiv:1412.6980), algorithm 1."""

    keep_mean, keep_square = 0.9, 0.999

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the corrected mean over the root of the corrected mean square."""
        return self.normalized(name, self.with_l2(weight, gradient))

    def normalized(self, name: str, gradient: Array) -> Array:
        """Return Adam's step for a gradient."""
        mean = self.average(f"{name}.mean", gradient, self.keep_mean)
        square = self.average(f"{name}.square", gradient * gradient, self.keep_square)
        mean = mean / (1 - self.keep_mean**self.steps)
        square = square / (1 - self.keep_square**self.steps)
        return mean / (np.sqrt(square) + self.training.epsilon)


class AdamW(Adam):
    """Loshchilov & Hutter 2019 (arXiv:1711.05101), algorithm 2 with the rate on the decay."""

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return Adam's step plus the decoupled decay."""
        return self.normalized(name, gradient) + self.training.weight_decay * weight


class RMSprop(Optimizer):
    """Hinton 2012, lecture 6; epsilon outside the root, momentum on the normalised gradient."""

    keep_square = 0.99

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the gradient over its root mean square, with momentum."""
        gradient = self.with_l2(weight, gradient)
        square = self.average(f"{name}.square", gradient * gradient, self.keep_square)
        return self.momentum(name, gradient / (np.sqrt(square) + self.training.epsilon))


class SGD(Optimizer):
    """Gradient descent; momentum is a sum, not an average (Sutskever et al. 2013)."""

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the gradient, with momentum."""
        return self.momentum(name, self.with_l2(weight, gradient))


OPTIMIZERS: Mapping[OptimizerName, type[Optimizer]] = {
    "adam": Adam,
    "adamw": AdamW,
    "rmsprop": RMSprop,
    "sgd": SGD,
}


def clip(gradient: Array, limit: float) -> Array:
    """Return the gradient of all weights as one vector, shortened to ``limit`` if it is longer.

    The 1e-6 is PyTorch's guard against a division by zero (Pascanu et al. 2013 have none).
    """
    norm = float(np.linalg.norm(gradient.astype(np.float64)))
    return gradient * min(1.0, limit / (norm + 1e-6))
