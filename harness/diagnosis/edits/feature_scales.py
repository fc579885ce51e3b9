"""Mean and spread of each feature: what the edits of inputs and targets need to know."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from harness.diagnosis.observations import Array, Observations

MOST_FEATURES = 500
"""Of more, as of pixels, one mean and one spread stand for all: they travel on a command line."""


@dataclass(frozen=True)
class Features:
    """Mean and spread `[features]` of records; one of each where all features share them.

    Attributes:
        mean, spread: of each.
        axes: of the array that was measured, with that of its records.
        width: of the last of them.
    """

    mean: tuple[float, ...]
    spread: tuple[float, ...]
    axes: int = 2
    width: int = 1

    @classmethod
    def of_json(cls, given: dict[str, Any]) -> "Features":
        """What ``dataclasses.asdict`` made of them."""
        return cls(tuple(given["mean"]), tuple(given["spread"]), given["axes"], given["width"])

    def fit(self, values: Any) -> bool:
        """Whether these are of the same kind."""
        return len(values.shape) == self.axes and values.shape[-1] == self.width

    def standardise(self, values: Array) -> Array:
        """Values `[..., features]` with mean 0 and spread 1."""
        return np.asarray((values - np.array(self.mean)) / np.array(self.spread), np.float32)

    def scale_back(self, values: Array) -> Array:
        """What `standardise` was given."""
        return np.asarray(values * np.array(self.spread) + np.array(self.mean), np.float32)


@dataclass(frozen=True)
class Scales:
    """What a training was given.

    Attributes:
        inputs: of its records; ``None`` for tokens.
        targets: of its regression's targets; ``None`` for classes.
        of_target: numbers in one record's target.
        absolute: whether the loss is an absolute error, whose gradient has no scale.
    """

    inputs: Features | None = None
    targets: Features | None = None
    of_target: int = 1
    absolute: bool = False

    @classmethod
    def of_json(cls, given: dict[str, Any]) -> "Scales":
        """What ``dataclasses.asdict`` made of them."""
        inputs, targets = (
            each and Features.of_json(each) for each in (given["inputs"], given["targets"])
        )
        return cls(inputs, targets, given["of_target"], given["absolute"])


def scales(seen: Sequence[Observations]) -> Scales:
    """Measure what the longest training was given."""
    if not seen:
        return Scales()
    longest = max(seen, key=lambda each: len(each.losses))
    inputs, targets = longest.inputs, longest.targets
    numbers = targets is not None and targets.dtype.kind == "f" and targets.size > 0
    return Scales(
        inputs=features(inputs) if inputs is not None and inputs.dtype.kind == "f" else None,
        targets=features(targets) if targets is not None and numbers else None,
        of_target=int(np.prod(targets.shape[1:])) if targets is not None else 1,
        absolute=longest.loss.kind == "mae",
    )


def features(values: Array) -> Features:
    """Measure values `[records, ..., features]`; those of images, which have more axes, as one."""
    numbers = np.asarray(values, np.float64)
    axes, width = numbers.ndim, numbers.shape[-1] if numbers.ndim else 1
    if numbers.ndim < 2 or numbers.ndim > 3 or numbers.shape[-1] > MOST_FEATURES:  # noqa: PLR2004 - records, steps, features
        numbers = numbers.reshape(-1, 1)
    flat = numbers.reshape(-1, numbers.shape[-1])
    flat = flat[np.isfinite(flat).all(1)]
    if not len(flat):
        return Features((0.0,), (1.0,), axes, width)
    spread = flat.std(0)
    spread = np.where(spread > CONSTANT * np.abs(flat.mean(0)).clip(1), spread, 1.0)
    return Features(tuple(flat.mean(0).tolist()), tuple(spread.tolist()), axes, width)


CONSTANT = 1e-8
"""Spread, as a share of the mean, below which a feature does not vary."""
