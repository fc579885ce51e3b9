"""The losses that PyTorch backends train on, one value per seed, and their gradients."""

from dataclasses import dataclass, replace
from typing import Self

import torch
from torch import Tensor
from torch.nn import functional

from harness.dataset import Dataset
from harness.dataset.padding import IGNORED
from harness.scenario import Training


@dataclass(frozen=True)
class BatchedLoss:
    """The loss of every seed, as `torch.nn`'s of that name would be.

    Outputs are `[seeds, outputs, batch]`: a logit for each class, one for the second of two, or a
    value. Targets are `[seeds, batch]`, int64 classes or values; several values or labels,
    `[seeds, outputs, batch]`.

    Attributes:
        name: ``cross_entropy``, ``bce``, ``mse``, ``mae`` or ``huber``.
        class_weights: `[seeds, classes]`, or ``None``.
        smoothing: share of each label that is spread over all classes.
        delta: where Huber's loss becomes linear.
        ignores: whether there may be rows without a target: `IGNORED`, or NaN.
    """

    name: str
    class_weights: Tensor | None = None
    smoothing: float = 0.0
    delta: float = 1.0
    ignores: bool = False

    @classmethod
    def of(cls, training: Training, data: Dataset, class_weights: Tensor | None) -> Self:
        """Return the declared loss."""
        name = training.loss_of("classes" if data.classes else "values")
        numbers = training.label_smoothing, training.huber_delta
        return cls(str(name), class_weights, *numbers, ignores=data.padded and data.each_step)

    def keep(self, rows: Tensor) -> Self:
        """Return the loss of the seeds with these row numbers."""
        weights = self.class_weights
        return self if weights is None else replace(self, class_weights=weights[rows])

    def value(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return each seed's mean loss `[seeds]`."""
        outputs, targets, there = self._rows(outputs, targets)
        if self.name == "cross_entropy":
            return self._cross_entropy(outputs.log_softmax(1), targets, there)
        losses = self._of_rows(outputs[:, 0], targets)
        if there is None:
            return losses.mean(1)
        return losses.masked_fill(~there, 0).sum(1) / there.sum(1)

    def gradient(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the gradient of ``value`` by its first argument, in that one's shape."""
        shape = outputs.shape
        outputs, targets, there = self._rows(outputs, targets)
        rows: int | Tensor = targets.shape[1]
        if there is not None:
            rows = there.sum(1)[:, None, None].to(outputs.dtype)
        if self.name == "cross_entropy":
            slopes = self._cross_entropy_gradient(outputs, targets, there)
        else:
            slopes = self._slopes(outputs, targets, rows)
        if there is not None:
            slopes.masked_fill_(~there.unsqueeze(1), 0)
        return slopes.reshape(shape)

    def _rows(self, outputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor, Tensor | None]:
        """Return outputs and targets of one number a row, and which rows have a target, if asked.

        A target that is not there becomes 0, for nothing to fail on.
        """
        if targets.dim() > 2:  # noqa: PLR2004  # seeds and rows
            outputs, targets = outputs.flatten(1).unsqueeze(1), targets.flatten(1)
        if not self.ignores:
            return outputs, targets, None
        values = targets.is_floating_point()
        there = targets.isnan().logical_not() if values else targets != IGNORED
        return outputs, targets.masked_fill(~there, 0), there

    def _of_rows(self, outputs: Tensor, targets: Tensor) -> Tensor:
        """Return the loss of each row `[seeds, batch]`."""
        if self.name == "bce":
            positive = targets.to(outputs.dtype)
            of_one = -functional.logsigmoid(outputs)
            return torch.lerp(-functional.logsigmoid(-outputs), self._positive * of_one, positive)
        error = outputs - targets
        match self.name:
            case "mae":
                return error.abs_()
            case "huber":
                size = error.abs_()
                near, far = size.square() / 2, self.delta * (size - self.delta / 2)
                return torch.where(size <= self.delta, near, far)
        return error.square_()

    def _slopes(self, outputs: Tensor, targets: Tensor, rows: int | Tensor) -> Tensor:
        """Return the gradient of the mean over so many rows, ``outputs`` `[seeds, 1, batch]`."""
        if self.name == "bce":
            y, chance = targets.to(outputs.dtype), outputs[:, 0].sigmoid()
            of_one = self._positive * (chance - 1)
            return torch.lerp(chance, of_one, y).unsqueeze(1).div_(rows)
        error = outputs - targets.unsqueeze(1)
        match self.name:
            case "mae":
                return error.sign_().div_(rows)
            case "huber":
                return error.clamp_(-self.delta, self.delta).div_(rows)
        return error.mul_(2 / rows)

    def _cross_entropy(self, chances: Tensor, targets: Tensor, there: Tensor | None) -> Tensor:
        chosen = chances.gather(1, targets.unsqueeze(1)).squeeze(1)
        loss = -(chosen * self._shares(targets, chosen, there)).sum(1)
        if not self.smoothing:
            return loss
        spread = -(chances * self._spread(targets, chances, there)).sum((1, 2))
        return (1 - self.smoothing) * loss + self.smoothing * spread

    def _cross_entropy_gradient(
        self, outputs: Tensor, targets: Tensor, there: Tensor | None
    ) -> Tensor:
        classes = torch.arange(outputs.shape[1], device=outputs.device)
        chosen = (targets.unsqueeze(1) == classes[:, None]).to(outputs.dtype)
        shares = self._shares(targets, outputs, there).unsqueeze(1)
        chances = outputs.softmax(1)
        if not self.smoothing:
            return chances.sub_(chosen).mul_(shares)
        spread = self._spread(targets, outputs, there)
        slope = chances * spread.sum(1, keepdim=True) - spread
        return (1 - self.smoothing) * (chances - chosen) * shares + self.smoothing * slope

    @property
    def _positive(self) -> Tensor | float:
        """How often a label 1 counts, `[seeds, 1]`."""
        weights = self.class_weights
        return 1.0 if weights is None else weights[:, 1:2] / weights[:, :1]

    def _shares(self, targets: Tensor, like: Tensor, there: Tensor | None) -> Tensor:
        """Return each record's share in its seed's loss `[seeds, batch]`."""
        if self.class_weights is None:
            if there is not None:
                return there.to(like.dtype) / there.sum(1, keepdim=True)
            return like.new_full((1, 1), 1 / targets.shape[1])
        weights = self._weights(targets, there)
        return weights / weights.sum(1, keepdim=True)

    def _spread(self, targets: Tensor, like: Tensor, there: Tensor | None) -> Tensor:
        """Return each class's share in the smoothed part of the loss `[seeds, classes, batch]`."""
        classes = like.shape[1]
        if self.class_weights is None:
            if there is None:
                return like.new_full((1, classes, 1), 1 / (classes * targets.shape[1]))
            shares = self._shares(targets, like, there).unsqueeze(1) / classes
            return shares.expand(-1, classes, -1)
        total = self._weights(targets, there).sum(1, keepdim=True)
        spread = (self.class_weights / (classes * total)).unsqueeze(2)
        return spread if there is None else spread * there.unsqueeze(1)

    def _weights(self, targets: Tensor, there: Tensor | None) -> Tensor:
        """Return each record's weight by its class `[seeds, batch]`."""
        assert self.class_weights is not None  # noqa: S101  # as its callers have seen
        weights = self.class_weights.gather(1, targets)
        return weights if there is None else weights * there
