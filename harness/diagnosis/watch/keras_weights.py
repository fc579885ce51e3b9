"""Which records, and which of their steps, count in a Keras loss: sample weights and masks."""

from typing import Any

import numpy as np

from harness.diagnosis.canonical import LEFT_OUT
from harness.diagnosis.observations import Array
from harness.diagnosis.watch.keras_data import array, cut
from harness.diagnosis.watch.keras_layers import flat_layers
from harness.diagnosis.watch.keras_training import KerasTraining
from harness.diagnosis.watch.quiet import quiet


def weights_of(training: KerasTraining, x: Any, y: Any, given: Any) -> Array | None:
    """Weights `[records]` or `[records, steps]` of the loss; ``None`` where all count alike.

    Args:
        training: of the network, whose masks weight steps with 0 and 1.
        x: inputs `[records, ...]`.
        y: targets `[records, ...]`.
        given: weights that come with these records, if any do.
    """
    targets = array(y)
    weights: Array | None = array(cut(given))
    mask = _mask(training, x) if targets is not None and targets.ndim > 1 else None
    if targets is None or (weights is not None and len(weights) != len(targets)):
        weights = None
    if mask is None or (weights is not None and weights.ndim > 1):
        return weights
    mask = mask.astype("float32")
    return mask if weights is None else mask * weights[:, None]


def _mask(training: KerasTraining, x: Any) -> Array | None:
    """Steps `[records, steps]` that a layer of the network leaves unmasked at the output."""
    masks = any(
        getattr(layer, "mask_zero", False) or type(layer).__name__ == "Masking"
        for layer in flat_layers(training.model)
    )
    if not masks or not isinstance(x, np.ndarray):
        return None
    with quiet():
        mask = getattr(training.model(x, training=False), "_keras_mask", None)
    return None if mask is None else np.asarray(array(mask), bool)


def left_out(targets: Array | None, weights: Array | None) -> Array | None:
    """Class numbers with those of no weight replaced, where there is a weight for each."""
    if targets is None or weights is None or targets.size != weights.size or weights.all():
        return targets
    kept = targets.astype(np.int64)
    kept[weights.reshape(targets.shape) == 0] = LEFT_OUT
    return kept
