"""What the Keras recorder keeps of each training."""

from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

import numpy as np

REMEMBERED = 3
"""Evaluations at the end: of the training records, of those held back, and one more."""


@dataclass
class KerasTraining:
    """All training of one compiled network.

    Attributes:
        trainable: weights, by ``id``: those of a copy have the same paths.
        source: data set that the last `fit` was given.
        once: records of the first `fit`, as they were then.
        calls: of the network itself: asked for training mode, shape and sum of the records.
        validation: inputs and targets that `fit` was given beside those to train on.
        evaluated: inputs and targets that the network was evaluated on, the last ones.
        asked: records that it was asked for, the last ones.
        fed: batches that were given, beside their records, what a network answered before.
        updated: weights that were, since the last backward pass.
        looked: backward passes after an update; ``stale``: those that found its gradients.
        weights: of records, or of their steps, as `fit` was given them.
        signed: some records weigh less than nothing: actions and their advantages, not labels.
        heads: how many outputs the network has.
        modes: passes of layers whose mode matters, by whether they were asked to train.
        times_asked: how often the same records were asked for at one point of training.
    """

    model: Any
    optimizer: Any
    losses: list[Any] = field(default_factory=list)
    epochs: list[dict[str, Any]] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    start: list[Any] | None = None
    trainable: set[int] = field(default_factory=set)
    data: tuple[Any, Any] | None = None
    validation: tuple[Any, Any] | None = None
    source: Any = None
    once: tuple[Any, Any] | None = None
    batch: int = 32
    shuffle: bool = True
    weighted: bool = False
    weights: Any = None
    signed: bool = False
    heads: int = 1
    batches: list[tuple[Any, Any]] = field(default_factory=list)
    first: int = 0
    last: int = 0
    namespace: dict[str, Any] = field(default_factory=dict)
    calls: list[tuple[bool, tuple[int, ...], float]] = field(default_factory=list)
    evaluated: deque[tuple[Any, Any]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    asked: deque[Any] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    fed: int = 0
    updated: list[Any] = field(default_factory=list)
    looked: int = 0
    stale: int = 0
    modes: Counter[bool] = field(default_factory=Counter)
    times_asked: Counter[tuple[int, int]] = field(default_factory=Counter)


def note_weights(training: KerasTraining, given: dict[str, Any]) -> None:
    """Remember whether classes or records are weighted, and any by less than nothing."""
    weights = given.get("sample_weight")
    training.weighted |= given.get("class_weight") is not None or weights is not None
    if isinstance(weights, np.ndarray) and weights.size:
        training.signed |= bool(weights.min() < 0)


def note_start(training: KerasTraining) -> None:
    """Copy the starting weights."""
    training.start = [np.array(w) for w in training.model.get_weights()]
    training.trainable = {id(w) for w in training.model.trainable_weights}
