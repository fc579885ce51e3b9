"""How a compiled Keras loss meets output and target, as an observation."""

import math
from dataclasses import replace
from typing import Any

from harness.diagnosis.canonical import LEFT_OUT
from harness.diagnosis.observations import Array, Function, Loss, LossKind
from harness.diagnosis.watch.keras_layers import is_probability, output_function
from harness.diagnosis.watch.keras_own_loss import compares_all, on_the_targets_scale
from harness.diagnosis.watch.keras_recognised import Recognised, recognised
from harness.diagnosis.watch.keras_training import KerasTraining

KINDS: tuple[tuple[str, LossKind], ...] = (
    ("binary_crossentropy", "bce"),
    ("binarycrossentropy", "bce"),
    ("categorical_crossentropy", "cross_entropy"),
    ("categoricalcrossentropy", "cross_entropy"),
    ("mean_squared_error", "mse"),
    ("meansquarederror", "mse"),
    ("mse", "mse"),
    ("mean_absolute_error", "mae"),
    ("meanabsoluteerror", "mae"),
    ("mae", "mae"),
    ("huber", "mae"),
    ("log_cosh", "mae"),
    ("logcosh", "mae"),
    ("categorical_focal_crossentropy", "cross_entropy"),
    ("categoricalfocalcrossentropy", "cross_entropy"),
    ("binary_focal_crossentropy", "bce"),
    ("binaryfocalcrossentropy", "bce"),
    ("kl_divergence", "cross_entropy"),
    ("kldivergence", "cross_entropy"),
    ("kullback_leibler_divergence", "cross_entropy"),
    ("kld", "cross_entropy"),
    ("categorical_hinge", "other"),
    ("categoricalhinge", "other"),
    ("hinge", "margin"),
)


def loss(training: KerasTraining, outputs: Array | None, targets: Array | None) -> Loss:
    """How the loss meets output and target; of several outputs or advantages it has no kind."""
    given = training.model.loss
    if isinstance(given, dict):
        given = list(given.values())
    if isinstance(given, (list, tuple)) and len(given) == 1:
        given = given[0]
    if isinstance(given, (list, tuple)) or training.heads > 1 or training.signed:
        return Loss()
    told = by_name(given)
    own = told.kind == "other"
    if own:
        told = _by_values(training, outputs, targets)
    found = described(training, given, told, _function(training.model, outputs), outputs, targets)
    if own and outputs is not None and targets is not None:
        return replace(found, broadcast=compares_all(training.model, outputs, targets))
    return found


def by_name(given: Any) -> Recognised:
    """The kind of one of Keras' own losses; ``other`` for those of a script."""
    module = getattr(given, "__module__", "") or type(given).__module__
    if not isinstance(given, str) and module.partition(".")[0] != "keras":
        return Recognised()
    low = _name(given).lower()
    kind: LossKind = next((k for part, k in KINDS if part in low), "other")
    logits = bool(
        getattr(given, "from_logits", False)
        or getattr(given, "_fn_kwargs", {}).get("from_logits", False)
    )
    if kind == "bce" and logits:
        kind = "bce_logits"
    if kind == "cross_entropy" and not logits:
        kind = "nll"
    return Recognised(kind, same="focal" not in low, sparse="sparse" in low)


def _by_values(training: KerasTraining, outputs: Array | None, targets: Array | None) -> Recognised:
    """A loss that no name tells."""
    if outputs is None or targets is None or not outputs.ndim or not targets.ndim:
        return Recognised()
    found = recognised(training.model, outputs, targets)
    if found.kind == "other" and on_the_targets_scale(training.model, targets, outputs):
        return Recognised("likelihood")
    return found


def _function(model: Any, outputs: Array | None) -> Function:
    """What ends a network; a `call` of its own may end in more than its last layer."""
    function = output_function(model)
    plain = function in {"linear", "unknown"}
    return "softmax" if plain and is_probability(outputs) else function


def described(
    training: KerasTraining,
    given: Any,
    told: Recognised,
    function: Function,
    outputs: Array | None,
    targets: Array | None,
) -> Loss:
    """A loss as an observation.

    Args:
        training: its batches and weights.
        given: what was compiled.
        told: which loss it is.
        function: that ends the output.
        outputs: `[records, ...]`.
        targets: `[records, ...]`.
    """
    name = _name(given)
    out = tuple(outputs.shape) if outputs is not None else ()
    goal = tuple(targets.shape) if targets is not None else ()
    return Loss(
        kind=told.kind,
        function=function,
        output_shape=(training.batch, *out[1:]),
        target_shape=(training.batch, *goal[1:]),
        broadcast=told.kind in {"mse", "mae"} and _broadcast(out, goal),
        name=name,
        weighted=training.weighted or any(part in name.lower() for part in WEIGHTING),
        takes=TAKES.get(told.kind, ""),
        integer_targets=targets is not None and targets.dtype.kind in "iub",
        sparse=told.sparse,
        ignored=LEFT_OUT if told.kind in {"nll", "cross_entropy"} else None,
        negated=told.negated,
        same_unit=told.same,
    )


def _name(given: Any) -> str:
    name = given if isinstance(given, str) else getattr(given, "__name__", None)
    return str(name or getattr(given, "name", None) or type(given).__name__)


WEIGHTING = ("focal",)
"""Parts of the names of losses that weight records by how well they are told."""

TAKES = {
    "bce": "probabilities",
    "nll": "probabilities",
    "bce_logits": "logits",
    "cross_entropy": "logits",
}


def _broadcast(out: tuple[int, ...], goal: tuple[int, ...]) -> bool:
    if not out or not goal:
        return False
    if len(out) - len(goal) == 1 and out[-1] == 1:
        out = out[:-1]
    if len(goal) - len(out) == 1 and goal[-1] == 1:
        goal = goal[:-1]
    return out[1:] != goal[1:] and math.prod(out[1:]) != math.prod(goal[1:])
