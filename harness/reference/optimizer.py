"""The declared optimizers, one update at a time, from the papers and the PyTorch reference pages.

An update changes the weights in place; weights and gradients are dictionaries of arrays. Weight
decay is L2 (added to the gradient) for all but adamw, where it is decoupled.
"""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from harness.reference.activation import Array
from harness.scenario import Training

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


class NAdam(Adam):
    """Dozat 2016, "Incorporating Nesterov momentum into Adam", with PyTorch's rising momentum."""

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the gradient and the mean one step ahead, over the root of the mean square."""
        gradient = self.with_l2(weight, gradient)
        mean = self.average(f"{name}.mean", gradient, self.keep_mean)
        square = self.average(f"{name}.square", gradient * gradient, self.keep_square)
        now, following = self._momentum_at(self.steps), self._momentum_at(self.steps + 1)
        past = math.prod(self._momentum_at(step) for step in range(1, self.steps + 1))
        ahead = (1 - now) / (1 - past) * gradient + following / (1 - past * following) * mean
        root = np.sqrt(square / (1 - self.keep_square**self.steps))
        return ahead / (root + self.training.epsilon)

    def _momentum_at(self, step: int) -> float:
        return self.keep_mean * (1 - 0.5 * math.pow(0.96, 0.004 * step))


class RAdam(Adam):
    """Liu et al. 2020 (arXiv:1908.03265), algorithm 2; no variance, no division by its root."""

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the corrected mean, divided once enough squares have been seen."""
        gradient, kept = self.with_l2(weight, gradient), self.keep_square**self.steps
        mean = self.average(f"{name}.mean", gradient, self.keep_mean)
        square = self.average(f"{name}.square", gradient * gradient, self.keep_square)
        mean = mean / (1 - self.keep_mean**self.steps)
        most = 2 / (1 - self.keep_square) - 1
        length = most - 2 * self.steps * kept / (1 - kept)
        if length <= 5:  # noqa: PLR2004  # PyTorch's bound; the paper has 4
            return mean
        rectified = (length - 4) * (length - 2) * most / ((most - 4) * (most - 2) * length)
        return mean * math.sqrt(rectified * (1 - kept)) / (np.sqrt(square) + self.training.epsilon)


class Adamax(Optimizer):
    """Kingma & Ba 2015 (arXiv:1412.6980), algorithm 2; epsilon inside the maximum, as PyTorch."""

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the corrected mean over the largest gradient, old ones counting less."""
        gradient = self.with_l2(weight, gradient)
        mean = self.average(f"{name}.mean", gradient, 0.9) / (1 - 0.9**self.steps)
        old = self.memory.get(f"{name}.largest", np.zeros_like(gradient))
        self.memory[f"{name}.largest"] = np.maximum(
            0.999 * old, np.abs(gradient) + self.training.epsilon
        )
        return mean / self.memory[f"{name}.largest"]


class Adagrad(Optimizer):
    """Duchi et al. 2011, the diagonal form."""

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the gradient over the root of the sum of all squares."""
        gradient = self.with_l2(weight, gradient)
        old = self.memory.get(f"{name}.squares", np.zeros_like(gradient))
        self.memory[f"{name}.squares"] = old + gradient * gradient
        return gradient / (np.sqrt(self.memory[f"{name}.squares"]) + self.training.epsilon)


class Adadelta(Optimizer):
    """Zeiler 2012 (arXiv:1212.5701), algorithm 1."""

    keep = 0.9

    def direction(self, name: str, weight: Array, gradient: Array) -> Array:
        """Return the gradient times the usual size of an update over that of a gradient."""
        gradient, epsilon = self.with_l2(weight, gradient), self.training.epsilon
        square = self.average(f"{name}.square", gradient * gradient, self.keep)
        moved = self.memory.get(f"{name}.moved", np.zeros_like(gradient))
        update = np.sqrt(moved + epsilon) / np.sqrt(square + epsilon) * gradient
        self.average(f"{name}.moved", update * update, self.keep)
        return update


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
        """Return the gradient, with momentum; Nesterov's is that of the step to come."""
        gradient = self.with_l2(weight, gradient)
        velocity = self.momentum(name, gradient)
        return gradient + self.training.momentum * velocity if self.training.nesterov else velocity


OPTIMIZERS: Mapping[str, type[Optimizer]] = {
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


def clip(gradient: Array, limit: float) -> Array:
    """Return the gradient of all weights as one vector, shortened to ``limit`` if it is longer.

    The 1e-6 is PyTorch's guard against a division by zero (Pascanu et al. 2013 have none).
    """
    norm = float(np.linalg.norm(gradient.astype(np.float64)))
    return gradient * min(1.0, limit / (norm + 1e-6))
