"""The losses that PyTorch backends train on, one value per seed, and their gradients."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from harness.dataset import Dataset
from harness.scenario import Training


@dataclass(frozen=True)
class BatchedLoss:
    """The loss of every seed, as `torch.nn`'s of that name would be.

    Outputs are `[seeds, outputs, batch]`: a logit for each class, one for the second of two, or a
    value. Targets are `[seeds, batch]`, int64 classes or values.

    Attributes:
        name: ``cross_entropy``, ``bce``, ``mse``, ``mae`` or ``huber``.
        class_weights: `[seeds, classes]`, or ``None``.
        smoothing: share of each label that is spread over all classes.
        delta: where Huber's loss becomes linear.
    """

    name: str
    class_weights: Tensor | None = None
    smoothing: float = 0.0
    delta: float = 1.0

    @classmethod
    def of(cls, training: Training, data: Dataset, class_weights: Tensor | None) -> Self:
        """Return the declared loss."""
        name = training.loss_of("classes" if data.classes else "values")
        return cls(str(name), class_weights, training.label_smoothing, training.huber_delta)

    def keep(self, rows: Tensor) -> Self:
        """Return the loss of the seeds with these row numbers."""
        weights = self.class_weights
        return self if weights is None else replace(self, class_weights=weights[rows])

    def value(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each seed's mean loss `[seeds]`."""
        match self.name:
            case "cross_entropy":
                return self._cross_entropy(outputs.log_softmax(1), targets)
            case "bce":
                positive = targets.to(outputs.dtype)
                loss = -functional.logsigmoid(-outputs[:, 0])
                of_one = -functional.logsigmoid(outputs[:, 0])
                return torch.lerp(loss, self._positive * of_one, positive).mean(1)
        error = outputs[:, 0] - targets
        match self.name:
            case "mae":
                return error.abs_().mean(1)
            case "huber":
                size = error.abs_()
                near, far = size.square() / 2, self.delta * (size - self.delta / 2)
                return torch.where(size <= self.delta, near, far).mean(1)
        return error.square_().mean(1)

    def gradient(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the gradient of ``value`` by its first argument, in that one's shape."""
        match self.name:
            case "cross_entropy":
                return self._cross_entropy_gradient(outputs, targets)
            case "bce":
                y, chance = targets.to(outputs.dtype), outputs[:, 0].sigmoid()
                of_one = self._positive * (chance - 1)
                return torch.lerp(chance, of_one, y).div_(targets.shape[1]).unsqueeze(1)
        error = outputs - targets.unsqueeze(1)
        match self.name:
            case "mae":
                return error.sign_().div_(targets.shape[1])
            case "huber":
                return error.clamp_(-self.delta, self.delta).div_(targets.shape[1])
        return error.mul_(2 / targets.shape[1])

    def _cross_entropy(self, chances: Tensor, targets: Tensor) -> Tensor:
        chosen = chances.gather(1, targets.unsqueeze(1)).squeeze(1)
        loss = -(chosen * self._shares(targets, chosen)).sum(1)
        if not self.smoothing:
            return loss
        spread = -(chances * self._spread(targets, chances)).sum((1, 2))
        return (1 - self.smoothing) * loss + self.smoothing * spread

    def _cross_entropy_gradient(self, outputs: Tensor, targets: Tensor) -> Tensor:
        classes = torch.arange(outputs.shape[1], device=outputs.device)
        chosen = (targets.unsqueeze(1) == classes[:, None]).to(outputs.dtype)
        shares = self._shares(targets, outputs).unsqueeze(1)
        chances = outputs.softmax(1)
        if not self.smoothing:
            return chances.sub_(chosen).mul_(shares)
        spread = self._spread(targets, outputs)
        slope = chances * spread.sum(1, keepdim=True) - spread
        return (1 - self.smoothing) * (chances - chosen) * shares + self.smoothing * slope

    @property
    def _positive(self) -> Tensor | float:
        """How often a label 1 counts, `[seeds, 1]`."""
        weights = self.class_weights
        return 1.0 if weights is None else weights[:, 1:2] / weights[:, :1]

    def _shares(self, targets: Tensor, like: Tensor) -> Tensor:
        """Return each record's share in its seed's loss `[seeds, batch]`."""
        if self.class_weights is None:
            return like.new_full((1, 1), 1 / targets.shape[1])
        weights = self.class_weights.gather(1, targets)
        return weights / weights.sum(1, keepdim=True)

    def _spread(self, targets: Tensor, like: Tensor) -> Tensor:
        """Return each class's share in the smoothed part of the loss `[seeds, classes, 1]`."""
        classes = like.shape[1]
        if self.class_weights is None:
            return like.new_full((1, classes, 1), 1 / (classes * targets.shape[1]))
        total = self.class_weights.gather(1, targets).sum(1, keepdim=True)
        return (self.class_weights / (classes * total)).unsqueeze(2)
